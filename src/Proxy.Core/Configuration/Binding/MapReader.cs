using Proxy.Core.Configuration.Nodes;

namespace Proxy.Core.Configuration.Binding;

/// <summary>
/// Takes the known keys out of a map, each with its type, and reports what is left over. Asking for a key makes it known: there is no
/// second list of keys that could differ. A missing map is read like an empty one, so that everything that may stand in it is asked for.
/// </summary>
internal sealed class MapReader
{
    private readonly Dictionary<string, ConfigEntry> _entries = [];
    private readonly List<string> _asked = [];
    private readonly BindingContext _context;

    /// <summary>Reads a map, null for a missing one.</summary>
    public MapReader(ConfigMap? map, Place place, BindingContext context)
    {
        Place = place;
        _context = context;
        foreach (var entry in map?.Entries ?? [])
        {
            if (!_entries.TryAdd(entry.Key.Text, entry))
            {
                var first = _entries[entry.Key.Text].Key.Mark.Line;
                context.Problems.Error(PlaceOf(entry), $"directive \"{entry.Key.Text}\" is a duplicate (first given in line {first})");
            }
        }
    }

    /// <summary>Where the map stands.</summary>
    public Place Place { get; }

    /// <summary>The keys that stand in the file, with whatever value.</summary>
    public IReadOnlySet<string> WrittenKeys => _entries.Keys.ToHashSet();

    /// <summary>The text of a single value without taking it; null for anything else.</summary>
    public string? Peek(string key) => _entries.TryGetValue(key, out var entry) ? (entry.Value as ConfigScalar)?.Text : null;

    /// <summary>The reader of a map below this one, also when that map is missing.</summary>
    public MapReader Section(string key, Setting<ConfigMap>? map) =>
        new(map?.Value, map?.Place ?? Place.Below(key, Place.Mark), _context);

    /// <summary>Any node; null when the key is missing or without a value, which is reported.</summary>
    public Setting<ConfigNode>? Node(string key)
    {
        var found = Find(key);
        if (found is { Value: ConfigScalar { Text.Length: 0 } })
        {
            _context.Problems.Error(found.Place, $"directive \"{key}\" has no value");
            return null;
        }
        return found;
    }

    /// <summary>A single value.</summary>
    public Setting<string>? Text(string key)
    {
        var node = Node(key);
        if (node is null)
        {
            return null;
        }
        if (node.Value is not ConfigScalar scalar)
        {
            _context.Problems.Error(node.Place, $"directive \"{key}\" has to be a single value");
            return null;
        }
        return new Setting<string>(scalar.Text, node.Place);
    }

    /// <summary>One of several words.</summary>
    /// <param name="key">The key.</param>
    /// <param name="words">The words and what they mean.</param>
    /// <param name="refusal">What is said of any other word, <c>is not a valid hash</c>.</param>
    public Setting<T>? Choice<T>(string key, IReadOnlyList<(string Word, T Value)> words, string refusal)
    {
        var text = Text(key);
        if (text is null)
        {
            return null;
        }
        foreach (var (word, value) in words)
        {
            if (word == text.Value)
            {
                return new Setting<T>(value, text.Place);
            }
        }
        var known = words.Select(choice => choice.Word).ToList();
        var nearest = Spelling.Suggest(text.Value, known);
        var advice = nearest.Length > 0 ? nearest : $" (known: {string.Join(", ", known)})";
        _context.Problems.Error(text.Place, $"directive \"{key}\" {refusal}: '{text.Value}'{advice}");
        return null;
    }

    /// <summary><c>true</c> or <c>false</c> and nothing else, as with twemproxy.</summary>
    public Setting<bool>? Flag(string key)
    {
        var text = Text(key);
        switch (text?.Value)
        {
            case null:
                return null;
            case "true":
                return new Setting<bool>(true, text.Place);
            case "false":
                return new Setting<bool>(false, text.Place);
            default:
                _context.Problems.Error(text.Place, $"directive \"{key}\" is not \"true\" or \"false\"");
                return null;
        }
    }

    /// <summary>A whole number of decimal digits, as with twemproxy, but one that fits.</summary>
    public Setting<int>? Number(string key, int least = 0, int most = int.MaxValue)
    {
        var text = Text(key);
        if (text is null)
        {
            return null;
        }
        if (!ScalarText.IsDigits(text.Value))
        {
            _context.Problems.Error(text.Place, $"directive \"{key}\" is not a number: '{text.Value}'");
            return null;
        }
        var fits = ScalarText.TryNumber(text.Value, out var number);
        return InRange(key, text, fits, number, least, most) ? new Setting<int>((int)number, text.Place) : null;
    }

    /// <summary>A time in milliseconds: a plain number, or <c>500ms</c>, <c>2s</c>, <c>1m</c>.</summary>
    public Setting<int>? Time(string key, int least = 0)
    {
        var text = Text(key);
        if (text is null)
        {
            return null;
        }
        if (!ScalarText.TryMilliseconds(text.Value, out var milliseconds))
        {
            const string form = "a number of milliseconds, or 500ms, 2s, 1m";
            _context.Problems.Error(text.Place, $"directive \"{key}\" is not a time ({form}): '{text.Value}'");
            return null;
        }
        return InRange(key, text, true, milliseconds, least, int.MaxValue) ? new Setting<int>((int)milliseconds, text.Place) : null;
    }

    /// <summary>A size in bytes: a plain number, or <c>64kb</c>, <c>512mb</c>, <c>1gb</c>.</summary>
    public Setting<long>? Size(string key, long least = 0, long most = long.MaxValue)
    {
        var text = Text(key);
        if (text is null)
        {
            return null;
        }
        if (!ScalarText.TryBytes(text.Value, out var bytes))
        {
            const string form = "a number of bytes, or 64kb, 512mb, 1gb";
            _context.Problems.Error(text.Place, $"directive \"{key}\" is not a size ({form}): '{text.Value}'");
            return null;
        }
        return InRange(key, text, true, bytes, least, most) ? new Setting<long>(bytes, text.Place) : null;
    }

    /// <summary>A list; null when the key is missing or something else, which is reported.</summary>
    public Setting<ConfigSequence>? List(string key)
    {
        var node = Node(key);
        if (node is null)
        {
            return null;
        }
        if (node.Value is not ConfigSequence sequence)
        {
            _context.Problems.Error(node.Place, $"directive \"{key}\" has to be a list");
            return null;
        }
        return new Setting<ConfigSequence>(sequence, node.Place);
    }

    /// <summary>A map of its own; null when the key is missing or something else, which is reported. No value is an empty map.</summary>
    public Setting<ConfigMap>? Map(string key)
    {
        if (Find(key) is not { } found)
        {
            return null;
        }
        switch (found.Value)
        {
            case ConfigMap map:
                return new Setting<ConfigMap>(map, found.Place);
            case ConfigScalar { Text.Length: 0 }:
                return new Setting<ConfigMap>(new ConfigMap([], found.Value.Mark), found.Place);
            default:
                _context.Problems.Error(found.Place, $"directive \"{key}\" has to be a map of its own");
                return null;
        }
    }

    /// <summary>Reports a key that has to be there and is not.</summary>
    public void Require(string key)
    {
        if (!_entries.ContainsKey(key))
        {
            _context.Problems.Error(Place, $"directive \"{key}:\" is missing");
        }
    }

    /// <summary>Reports every key that nobody asked for.</summary>
    public void RefuseOthers()
    {
        foreach (var (key, entry) in _entries)
        {
            if (!_asked.Contains(key))
            {
                _context.Problems.Error(PlaceOf(entry), $"directive \"{key}\" is unknown{Spelling.Suggest(key, _asked)}");
            }
        }
    }

    private Setting<ConfigNode>? Find(string key)
    {
        _asked.Add(key);
        _context.Know(Place.Below(key, Place.Mark).Path);
        return _entries.TryGetValue(key, out var entry)
            ? new Setting<ConfigNode>(entry.Value, Place.Below(key, entry.Value.Mark))
            : null;
    }

    private Place PlaceOf(ConfigEntry entry) => Place.Below(entry.Key.Text, entry.Key.Mark);

    private bool InRange(string key, Setting<string> text, bool fits, long number, long least, long most)
    {
        if (fits && number == 0 && least > 0)
        {
            _context.Problems.Error(text.Place, $"directive \"{key}:\" cannot be 0");
            return false;
        }
        if (!fits || number < least || number > most)
        {
            _context.Problems.Error(text.Place, $"directive \"{key}\" is out of range ({least} to {most}): '{text.Value}'");
            return false;
        }
        return true;
    }
}
