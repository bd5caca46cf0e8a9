using System.Text;

namespace Proxy.Resp.Tests;

/// <summary>Texts that are nearly replies: right ones one after the other, and some of their bytes changed.</summary>
internal static class RandomReplies
{
    private const string Alphabet = "+-:$*_,#!=(%~>|?;.0123456789tfinae\r\nx\0";

    private static readonly string[] Scalars =
    [
        "+OK\r\n", "+\r\n", "-ERR no\r\n", ":0\r\n", ":-17\r\n", ":123456789012345678\r\n", "$-1\r\n", "$0\r\n\r\n", "_\r\n", "#t\r\n", "#f\r\n", ",1.5e+10\r\n",
        ",inf\r\n", ",nan\r\n", "(123456789012345678901234567890\r\n", "=7\r\ntxt:abc\r\n", "!5\r\nERR x\r\n", "*-1\r\n", "*0\r\n", "%0\r\n",
    ];

    /// <summary>The next text; about a third of them have errors.</summary>
    public static string Next(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            Append(text, random, random.Next(5), topLevel: true);
        }

        for (var changes = random.Next(3); changes > 0 && random.Next(2) == 0; changes--)
        {
            text[random.Next(text.Length)] = Alphabet[random.Next(Alphabet.Length)];
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Random random, int depth, bool topLevel)
    {
        var choice = random.Next(12);
        if (depth == 0 || choice < 5)
        {
            text.Append(Scalars[random.Next(Scalars.Length)]);
        }
        else if (choice < 7)
        {
            var length = random.Next(4) == 0 ? random.Next(2000) : random.Next(20);
            text.Append($"${length}\r\n");
            for (; length > 0; length--)
            {
                text.Append(Alphabet[random.Next(Alphabet.Length)]);
            }

            text.Append("\r\n");
        }
        else
        {
            var type = "**%~|>"[random.Next(topLevel ? 6 : 5)];
            var count = random.Next(5);
            text.Append($"{type}{count}\r\n");
            for (var i = type is '%' or '|' ? count * 2 : count; i > 0; i--)
            {
                Append(text, random, depth - 1, topLevel: false);
            }

            if (type == '|')
            {
                Append(text, random, depth - 1, topLevel);
            }
        }
    }
}
