using System.Globalization;
using System.Text;

namespace Proxy.IntegrationTests.CrossServer;

/// <summary>
/// Random data in keys of three servers, and random commands over several of them: keys of the right and of the wrong type, and none; right
/// options in any order, and wrong ones.
/// </summary>
/// <param name="random">Where the choices come from.</param>
internal sealed class RandomCrossServerCommands(Random random)
{
    private const int Servers = 3;
    private const int Numbers = 4;

    private static readonly string[] Options =
    [
        "WITHSCORES", "WEIGHTS", "AGGREGATE", "LIMIT", "IDX", "LEN", "MINMATCHLEN", "WITHMATCHLEN", "SUM", "nan", "1", "-1", "x", "",
    ];

    /// <summary>Writes that fill the keys.</summary>
    public IEnumerable<string[]> Data()
    {
        for (var server = 0; server < Servers; server++)
        {
            for (var number = 0; number < Numbers; number++)
            {
                yield return ["SADD", Key('e', server, number), .. Members(random.Next(1, 40))];
                yield return ["ZADD", Key('z', server, number), .. Members(random.Next(1, 40)).SelectMany(member => new[] { Score(), member })];
                yield return ["PFADD", Key('p', server, number), .. Members(random.Next(1, random.Next(2, 4000)), 1_000_000)];
                yield return ["SET", Key('s', server, number), Text(random.Next(200))];
            }
        }
    }

    /// <summary>Members that all sets have, so that intersections are not empty; large sets and sorted sets.</summary>
    public IEnumerable<string[]> CommonData()
    {
        for (var server = 0; server < Servers; server++)
        {
            for (var number = 0; number < Numbers; number++)
            {
                yield return ["SADD", Key('e', server, number), "common", "1", "\0\r\n"];
                yield return ["ZADD", Key('z', server, number), Score(), "common", Score(), "1", Score(), "\0\r\n"];
            }
        }
    }

    /// <summary>The words of the next command.</summary>
    public string[] Next() => random.Next(11) switch
    {
        0 => ["SUNION", .. Keys('e')],
        1 => ["SINTER", .. Keys('e')],
        2 => ["SDIFF", .. Keys('e')],
        3 => ["SINTERCARD", .. Counted('e'), .. random.Next(2) == 0 ? ["LIMIT", $"{random.Next(5)}"] : WrongOptions()],
        4 => Sorted("ZUNION", Counted(SetOrSorted())),
        5 => Sorted("ZINTER", Counted(SetOrSorted())),
        6 => ["ZDIFF", .. Counted(SetOrSorted()), .. random.Next(2) == 0 ? ["withscores"] : WrongOptions()],
        7 => ["ZINTERCARD", .. Counted(SetOrSorted()), .. random.Next(2) == 0 ? ["LIMIT", $"{random.Next(5)}"] : WrongOptions()],
        8 or 9 => ["PFCOUNT", .. Keys('p')],
        _ => ["LCS", Key('s'), Key('s'), .. SubsequenceOptions()],
    };

    private static string Key(char type, int server, int number) => $"{type}:{(server * 1000) + number}";

    // Now and then one that does not exist, or holds something else.
    private string Key(char type) => random.Next(25) switch
    {
        0 => Key("ezps"[random.Next(4)], random.Next(Servers), random.Next(Numbers)),
        1 => Key(type, random.Next(Servers), 500),
        _ => Key(type, random.Next(Servers), random.Next(Numbers)),
    };

    private string[] Keys(char type) => [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => Key(type))];

    private string[] Counted(char type)
    {
        var keys = Keys(type);
        return [random.Next(40) switch { 0 => "0", 1 => "x", 2 => "99", _ => $"{keys.Length}" }, .. keys];
    }

    private char SetOrSorted() => random.Next(6) == 0 ? 'e' : 'z';

    private string[] Sorted(string command, string[] keys)
    {
        var words = new List<string>();
        if (random.Next(2) == 0)
        {
            words.AddRange(["WEIGHTS", .. Enumerable.Range(1, keys.Length - 1).Select(_ => Weight())]);
        }

        if (random.Next(2) == 0)
        {
            words.AddRange(["AGGREGATE", random.Next(4) switch { 0 => "sum", 1 => "MIN", 2 => "MAX", _ => "SUM" }]);
        }

        if (random.Next(4) > 0)
        {
            words.Insert(random.Next(3) == 0 ? 0 : words.Count, "WITHSCORES");
        }

        return [command, .. keys, .. words, .. random.Next(4) == 0 ? WrongOptions() : []];
    }

    private string[] SubsequenceOptions() => random.Next(8) switch
    {
        0 => [],
        1 => ["LEN"],
        2 => ["IDX"],
        3 => ["IDX", "MINMATCHLEN", $"{random.Next(-2, 6)}"],
        4 => ["WITHMATCHLEN", "idx", "MINMATCHLEN", "2"],
        5 => ["IDX", "WITHMATCHLEN"],
        6 => ["MINMATCHLEN", "3"],
        _ => WrongOptions(),
    };

    private string[] WrongOptions() => [.. Enumerable.Range(0, random.Next(3)).Select(_ => Options[random.Next(Options.Length)])];

    private IEnumerable<string> Members(int count, int different = 60) =>
        Enumerable.Range(0, count).Select(_ => random.Next(20) == 0 ? Text(random.Next(30)) : $"{random.Next(different)}");

    private string Score() => random.Next(12) switch
    {
        0 => "inf",
        1 => "-inf",
        2 => "0",
        3 => "1e10",
        < 8 => (random.Next(-100, 100) / 4.0).ToString(CultureInfo.InvariantCulture),
        _ => (random.NextDouble() * 100).ToString("R", CultureInfo.InvariantCulture),
    };

    private string Weight() => random.Next(14) switch
    {
        0 => "inf",
        1 => "0",
        2 => "-1",
        3 => "0x1p3",
        4 => "-Infinity",
        5 => "1e-3",
        6 => random.Next(10) == 0 ? "nan" : "1",
        _ => random.NextDouble().ToString("R", CultureInfo.InvariantCulture),
    };

    private string Text(int length)
    {
        var text = new StringBuilder(length);
        for (var i = 0; i < length; i++)
        {
            text.Append((char)(random.Next(30) == 0 ? random.Next(256) : random.Next('a', 'f')));
        }

        return text.ToString();
    }
}
