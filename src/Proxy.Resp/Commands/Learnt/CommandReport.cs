using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Proxy.Resp.Commands.Learnt;

/// <summary>What one server told of the commands that the built-in table lacks. Immutable; servers that tell the same share it.</summary>
internal sealed class CommandReport
{
    /// <summary>A server that has no others.</summary>
    public static readonly CommandReport Empty = new([]);

    private CommandReport(IEnumerable<CommandRow> rows)
    {
        Rows = [.. rows.OrderBy(row => row.Name, StringComparer.Ordinal)];
        Digest = DigestOf(Rows);
    }

    /// <summary>Commands and subcommands by name.</summary>
    public ImmutableArray<CommandRow> Rows { get; }

    /// <summary>The same for reports that say the same.</summary>
    public string Digest { get; }

    /// <summary>Reads a reply to COMMAND, in RESP2. One that is an error, or makes no sense, tells of no commands.</summary>
    /// <param name="reply">A whole reply that a <see cref="ReplyScanner"/> has accepted.</param>
    public static CommandReport Read(ReadOnlySpan<byte> reply) => Of(ReportReader.Read(reply));

    /// <summary>The report of a server that has these beside those of the built-in table.</summary>
    public static CommandReport Of(IReadOnlyCollection<CommandRow> rows) => rows.Count == 0 ? Empty : new CommandReport(rows);

    // Servers list their commands in the order of a hash table, which is another one for each process: what counts is what the rows say.
    private static string DigestOf(ImmutableArray<CommandRow> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Name} {row.Arity} {row.First} {row.Last} {row.Step}\n");
            AppendAll(text, row.FlagNames);
            AppendAll(text, row.Categories);
            AppendAll(text, row.Tips);
            foreach (var spec in row.KeySpecs)
            {
                text.Append(CultureInfo.InvariantCulture, $"{spec.BeginSearch} {spec.FindKeys} {spec.Notes?.Length} {spec.Notes}\n");
                AppendAll(text, spec.FlagNames);
            }
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void AppendAll(StringBuilder text, ImmutableArray<string> words) => text.AppendJoin(' ', words).Append('\n');
}
