using System.Text;

namespace Proxy.Host.CommandLine;

/// <summary>
/// Arguments as the bytes that were given. The runtime hands them out as text, and bytes that are no UTF-8 are lost in that; keys may be
/// any bytes. Linux keeps the original.
/// </summary>
internal static class RawArguments
{
    private const string CommandLineFile = "/proc/self/cmdline";

    /// <summary>The bytes of some arguments of this process, in the order of the command line.</summary>
    public static IReadOnlyList<byte[]> BytesOf(IReadOnlyList<string> arguments) =>
        Match(arguments, File.Exists(CommandLineFile) ? File.ReadAllBytes(CommandLineFile) : []);

    /// <summary>Finds each argument, in order, among the zero-terminated ones of a command line.</summary>
    internal static IReadOnlyList<byte[]> Match(IReadOnlyList<string> arguments, byte[] commandLine)
    {
        var found = new List<byte[]>();
        var rest = commandLine.AsSpan();
        while (found.Count < arguments.Count && rest.Length > 0)
        {
            var end = rest.IndexOf((byte)0);
            var raw = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (Encoding.UTF8.GetString(raw) == arguments[found.Count])
            {
                found.Add(raw.ToArray());
            }
        }
        // Not all of them were found, which only happens where there is no such file: then their text has to do.
        return found.Count == arguments.Count ? found : [.. arguments.Select(Encoding.UTF8.GetBytes)];
    }
}
