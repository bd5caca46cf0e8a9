using System.Text;

namespace Proxy.Resp.Tests;

/// <summary>Texts that are nearly requests: right ones one after the other, and some of their bytes changed.</summary>
internal static class RandomRequests
{
    private const string Alphabet = "*$-+0123459 \t\v\r\n\"'\\x\0ab\u0016\u0003\u00ff";

    private static readonly string[] Pieces =
    [
        "*0\r\n", "*-1\r\n", "\r\n", "\n", "  \r\n", "PING\r\n", "get \"a b\" 'c'\n", "echo \"\\x41\\n\\\\\"\r\n", "*1\r\n$4\r\nPING\r\n", "POST x\r\n",
        "set k 'it\\'s'\r\n", "*1\r\n$0\r\n\r\n", "echo a\"b\"\t'c'\r\r\n",
    ];

    /// <summary>The next text; about half of them have errors.</summary>
    public static string Next(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            text.Append(random.Next(2) == 0 ? Pieces[random.Next(Pieces.Length)] : Array(random));
        }

        for (var changes = random.Next(3); changes > 0 && random.Next(2) == 0; changes--)
        {
            Change(text, random);
        }

        return text.ToString();
    }

    private static string Array(Random random)
    {
        var count = random.Next(4) == 0 ? random.Next(1, 40) : random.Next(1, 5);
        var text = new StringBuilder($"*{count}\r\n");
        for (; count > 0; count--)
        {
            var argument = new char[random.Next(5) == 0 ? random.Next(1200) : random.Next(12)];
            for (var i = 0; i < argument.Length; i++)
            {
                argument[i] = Alphabet[random.Next(Alphabet.Length)];
            }

            text.Append($"${argument.Length}\r\n").Append(argument).Append("\r\n");
        }

        return text.ToString();
    }

    private static void Change(StringBuilder text, Random random)
    {
        var at = random.Next(text.Length);
        switch (random.Next(3))
        {
            case 0:
                text[at] = Alphabet[random.Next(Alphabet.Length)];
                break;
            case 1:
                text.Remove(at, 1).Append('x');
                break;
            default:
                text.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                break;
        }
    }
}
