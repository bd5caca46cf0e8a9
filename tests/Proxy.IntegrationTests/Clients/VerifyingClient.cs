using System.Text.RegularExpressions;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Clients;

/// <summary>
/// A client that writes and reads its own keys through pipelines, and knows what each reply may be. Values carry the client's number, so
/// that a reply of somebody else is seen at once; ECHOs in between show a reply that has slipped.
/// </summary>
internal sealed partial class VerifyingClient(int number, RespClient connection, int servers, int seed)
{
    private const int KeysPerServer = 4;

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, KeyHistory> _keys = Enumerable.Range(0, servers * KeysPerServer)
        .ToDictionary(i => RedisTopology.Key(i % servers, (number * KeysPerServer) + (i / servers)), _ => new KeyHistory());

    private readonly CounterHistory[] _counters = [.. Enumerable.Range(0, servers).Select(_ => new CounterHistory())];
    private int _written;

    public long Replies { get; private set; }

    public long Errors { get; private set; }

    /// <summary>Sends one pipeline and checks every reply. Returns what was wrong, null when nothing was.</summary>
    public string? Round()
    {
        var steps = Enumerable.Range(0, _random.Next(1, 30)).Select(_ => Step()).ToList();
        connection.Send([.. steps.SelectMany(step => step.Request)]);
        foreach (var (request, check) in steps)
        {
            var reply = connection.ReadReply();
            Replies++;
            if (check(reply) is { } problem)
            {
                return $"client {number}: {string.Join(' ', RespFrame.Arguments(request).Take(3))} answered {Shown(reply)}: {problem}";
            }
        }

        return null;
    }

    /// <summary>Reads everything once more, now that no request may fail.</summary>
    public string? FinalCheck()
    {
        foreach (var (key, history) in _keys)
        {
            var reply = connection.Call("GET", key);
            if (!history.Read(reply))
            {
                return $"client {number}: at the end {key} is {Shown(reply)}, not {history}";
            }
        }

        for (var i = 0; i < servers; i++)
        {
            var reply = connection.Call("INCR", Counter(i));
            if (!_counters[i].Incremented(reply))
            {
                return $"client {number}: at the end {Counter(i)} is {Shown(reply)}, not {_counters[i]}";
            }
        }

        return null;
    }

    [GeneratedRegex(@"^-ERR Connection (refused|lost|reset by peer|timed out) \(pool main, server shard\d\)\r\n$|^-LOADING ")]
    private static partial Regex AllowedError();

    private static string Shown(string reply) => reply[..Math.Min(reply.Length, 120)].Replace("\r\n", "\\r\\n", StringComparison.Ordinal);

    private (byte[] Request, Func<string, string?> Check) Step() => _random.Next(7) switch
    {
        0 or 1 => Set(AnyKey()),
        2 => Get(AnyKey()),
        3 => SetMany(),
        4 => GetMany(),
        5 => Increment(_random.Next(servers)),
        _ => Echo(),
    };

    private (byte[] Request, Func<string, string?> Check) Set(string key)
    {
        var value = NextValue();
        return (RespFrame.Request("SET", key, value), reply =>
        {
            Wrote(key, value, reply);
            return reply == "+OK\r\n" ? null : ErrorOr(reply, "+OK");
        }
        );
    }

    private (byte[] Request, Func<string, string?> Check) Get(string key) =>
        (RespFrame.Request("GET", key), reply =>
            reply[0] == '-' ? ErrorOr(reply, "a value") : _keys[key].Read(reply) ? null : $"expected {_keys[key]}");

    private (byte[] Request, Func<string, string?> Check) SetMany()
    {
        var pairs = SomeKeys().Select(key => (Key: key, Value: NextValue())).ToList();
        return (RespFrame.Request(["MSET", .. pairs.SelectMany(pair => new[] { pair.Key, pair.Value })]), reply =>
        {
            pairs.ForEach(pair => Wrote(pair.Key, pair.Value, reply));
            return reply == "+OK\r\n" ? null : ErrorOr(reply, "+OK");
        }
        );
    }

    private (byte[] Request, Func<string, string?> Check) GetMany()
    {
        var keys = SomeKeys();
        return (RespFrame.Request(["MGET", .. keys]), reply =>
        {
            if (reply[0] == '-')
            {
                return ErrorOr(reply, "values");
            }

            var rest = reply[(reply.IndexOf('\n', StringComparison.Ordinal) + 1)..];
            foreach (var key in keys)
            {
                var value = rest[..RespFrame.Length(System.Text.Encoding.Latin1.GetBytes(rest))];
                rest = rest[value.Length..];
                if (!_keys[key].Read(value))
                {
                    return $"{key}: expected {_keys[key]}";
                }
            }

            return rest.Length == 0 ? null : "too many values";
        }
        );
    }

    private (byte[] Request, Func<string, string?> Check) Increment(int server) =>
        (RespFrame.Request("INCR", Counter(server)), reply =>
        {
            if (reply[0] == ':')
            {
                return _counters[server].Incremented(reply) ? null : $"expected {_counters[server]}";
            }

            _counters[server].PerhapsIncremented();
            return ErrorOr(reply, "a number");
        }
    );

    private (byte[] Request, Func<string, string?> Check) Echo()
    {
        var text = NextValue();
        return (RespFrame.Request("ECHO", text), reply => reply == RespFrame.Bulk(text) ? null : $"expected {Shown(text)}");
    }

    private void Wrote(string key, string value, string reply)
    {
        if (reply == "+OK\r\n")
        {
            _keys[key].Written(RespFrame.Bulk(value));
        }
        else
        {
            _keys[key].PerhapsWritten(RespFrame.Bulk(value));
        }
    }

    private string? ErrorOr(string reply, string expected)
    {
        Errors++;
        return AllowedError().IsMatch(reply) ? null : $"expected {expected}";
    }

    private string Counter(int server) => $"counter:{{{server * 1000}}}:{number}";

    private string AnyKey() => _keys.Keys.ElementAt(_random.Next(_keys.Count));

    private string[] SomeKeys()
    {
        var keys = _keys.Keys.ToArray();
        _random.Shuffle(keys);
        return keys[.._random.Next(2, 8)];
    }

    private string NextValue() =>
        $"{number}:{_written++}:{new string((char)('a' + (number % 26)), _random.Next(50) == 0 ? _random.Next(30_000) : _random.Next(40))}";
}
