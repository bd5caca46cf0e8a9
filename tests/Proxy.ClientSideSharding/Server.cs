using System.Globalization;
using Proxy.Partitioning;

namespace Proxy.ClientSideSharding;

/// <summary>A server as the proxy's configuration lists it: <c>host:port:weight [name]</c>.</summary>
/// <param name="Member">What places it: its name and weight.</param>
/// <param name="Host">Where it is.</param>
/// <param name="Port">Its port.</param>
internal sealed record Server(PartitionMember Member, string Host, int Port)
{
    /// <exception cref="ArgumentException">The text is something else.</exception>
    internal static Server Parse(string text)
    {
        var words = text.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        // From the right: an IPv6 address has colons of its own.
        var parts = words.Length > 0 ? words[0].Split(':') : [];
        if (parts is not [_, .., var port, var weight] || !TryNumber(port, out var portNumber) || !TryNumber(weight, out var weightNumber))
        {
            throw new ArgumentException($"server '{text}' is not host:port:weight [name]");
        }

        var host = string.Join(':', parts[..^2]);
        var name = words.Length > 1 ? words[1] : PartitionMember.DefaultName(host, port);
        return new Server(new PartitionMember(name, weightNumber), host, portNumber);
    }

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
