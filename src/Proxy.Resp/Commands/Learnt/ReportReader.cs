using System.Collections.Immutable;
using System.Text;

namespace Proxy.Resp.Commands.Learnt;

/// <summary>
/// Reads a server's COMMAND reply in RESP2: `*10 $8 json.get :-1 *2 +readonly +module :1 :1 :1 *1 +@read *0 *1 … *0`, with six elements before
/// Redis 6.0, seven before 7.0 (https://redis.io/docs/latest/commands/command/). Only what the built-in table lacks is kept.
/// </summary>
/// <remarks>
/// A server may say anything. What is malformed is left out, what is out of range makes a key specification unknown, and there are limits to
/// what is kept, so that the worst that comes of it is a command that is not known.
/// </remarks>
internal sealed class ReportReader
{
    /// <summary>Commands and subcommands that are kept of one server. Redis 8 has about 250 that Redis 7.0 has not.</summary>
    public const int MaxRows = 4096;

    /// <summary>Characters of texts that are kept of one server.</summary>
    public const int MaxTexts = 1024 * 1024;

    /// <summary>Elements of a list of flags, categories, tips or key specifications.</summary>
    private const int MaxList = 64;

    private readonly List<CommandRow> _rows = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private int _texts;

    private ReportReader(ReadOnlySpan<byte> reply)
    {
        var reader = new ReplyReader(reply);
        if (!reader.TryReadArrayHeader(out var count))
        {
            return;
        }

        for (var i = 0; i < count; i++)
        {
            ReadCommand(reader.ReadElement(), container: null);
        }
    }

    /// <summary>The rows that the built-in table lacks, in the order of the reply.</summary>
    /// <param name="reply">A whole reply that a <see cref="ReplyScanner"/> has accepted.</param>
    public static IReadOnlyList<CommandRow> Read(ReadOnlySpan<byte> reply) => new ReportReader(reply)._rows;

    private void ReadCommand(ReadOnlySpan<byte> element, string? container)
    {
        var reader = new ReplyReader(element);
        if (!reader.TryReadArrayHeader(out var members)
            || members < 6
            || !reader.TryReadText(out var utf8Name)
            || ReportText.Name(utf8Name, container) is not { } name
            || !reader.TryReadInteger(out var arity))
        {
            return;
        }

        var flags = ReadTexts(reader.ReadElement());
        if (!reader.TryReadInteger(out var first) || !reader.TryReadInteger(out var last) || !reader.TryReadInteger(out var step))
        {
            return;
        }

        var categories = members > 6 ? ReadTexts(reader.ReadElement()) : [];
        var tips = members > 7 ? ReadTexts(reader.ReadElement()) : [];
        var keys = members > 8 ? reader.ReadElement() : default;
        var subcommands = members > 9 ? reader.ReadElement() : default;
        if (CommandTable.FindFullName(Encoding.ASCII.GetBytes(name)) is null)
        {
            var range = KeySpecReader.Range(first, last, step);
            Keep(new CommandRow(name, arity is >= -1024 and <= 1024 and not 0 ? (int)arity : -1)
            {
                FlagNames = flags,
                Flags = flags.Aggregate(CommandFlags.None, (all, flag) => all | CommandFlagNames.Find(flag)),
                First = (int)Math.Clamp(first, short.MinValue, short.MaxValue),
                Last = (int)Math.Clamp(last, short.MinValue, short.MaxValue),
                Step = (int)Math.Clamp(step, short.MinValue, short.MaxValue),
                Categories = categories,
                Tips = tips,
                RequestPolicy = PolicyTips.Request(tips) ?? RequestPolicy.Special,
                ResponsePolicy = PolicyTips.Response(tips) ?? ResponsePolicy.Special,
                KeySpecs = members > 8 ? ReadKeySpecs(keys) : range is null ? [] : [range],
            });
        }

        if (container is null && members > 9)
        {
            ReadSubcommands(subcommands, name);
        }
    }

    private void Keep(CommandRow row)
    {
        var texts = row.Name.Length + row.FlagNames.Sum(flag => flag.Length) + row.Categories.Sum(category => category.Length)
            + row.Tips.Sum(tip => tip.Length) + row.KeySpecs.Sum(spec => 64 + (spec.Notes?.Length ?? 0));
        if (_rows.Count < MaxRows && _texts + texts <= MaxTexts && _names.Add(row.Name))
        {
            _texts += texts;
            _rows.Add(row);
        }
    }

    private void ReadSubcommands(ReadOnlySpan<byte> list, string container)
    {
        var reader = new ReplyReader(list);
        reader.TryReadArrayHeader(out var count);
        for (var i = 0; i < count; i++)
        {
            ReadCommand(reader.ReadElement(), container);
        }
    }

    private static ImmutableArray<string> ReadTexts(ReadOnlySpan<byte> list)
    {
        var reader = new ReplyReader(list);
        if (!reader.TryReadArrayHeader(out var count) || count is < 1 or > MaxList)
        {
            return [];
        }

        var texts = ImmutableArray.CreateBuilder<string>(count);
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadText(out var utf8))
            {
                reader.ReadElement();
            }
            else if (ReportText.Word(utf8) is { } text)
            {
                texts.Add(text);
            }
        }

        return texts.ToImmutable();
    }

    private static ImmutableArray<KeySpec> ReadKeySpecs(ReadOnlySpan<byte> list)
    {
        var reader = new ReplyReader(list);
        if (!reader.TryReadArrayHeader(out var count) || count is < 1 or > MaxList)
        {
            // So many cannot be looked through for each request: nobody knows where the keys are.
            return count > MaxList ? [KeySpecReader.Unknown] : [];
        }

        var specs = ImmutableArray.CreateBuilder<KeySpec>(count);
        for (var i = 0; i < count; i++)
        {
            specs.Add(KeySpecReader.Read(reader.ReadElement()));
        }

        return specs.ToImmutable();
    }
}
