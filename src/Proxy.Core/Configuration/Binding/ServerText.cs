using Proxy.Partitioning;

namespace Proxy.Core.Configuration.Binding;

/// <summary>
/// Reads <c>host:port:weight [name]</c> and <c>/path:weight [name]</c> from the right, as twemproxy does: the last space ends before the
/// name, the last colon before that before the weight, the next before the port, and the rest is the host.
/// </summary>
internal static class ServerText
{
    private const string Form = "hostname:port:weight [name]";

    /// <summary>Fills <paramref name="server"/> from a text; the reason as a result when it is refused.</summary>
    public static string? Read(string text, ref ServerConfig server)
    {
        var space = text.LastIndexOf(' ');
        var name = space < 0 ? null : text[(space + 1)..];
        var rest = space < 0 ? text : text[..space];
        var colon = rest.LastIndexOf(':');
        var address = colon < 0 ? "" : rest[..colon];
        var isSocket = text.StartsWith('/');
        if (name?.Length == 0 || address.Length == 0 || (!isSocket && !address.Contains(':')))
        {
            var hint = MissingWeight(rest, isSocket);
            return $"has an invalid \"{Form}\"or \"/path/unix_socket:weight [name]\" format string: '{text}'{hint}";
        }
        var weight = rest[(colon + 1)..];
        if (!ScalarText.TryNumber(weight, out var number) || number > int.MaxValue)
        {
            return $"has an invalid weight in \"{Form}\" format string: '{text}'";
        }
        if (number == 0)
        {
            return $"has a zero weight in \"{Form}\" format string: '{text}'";
        }
        server = server with { Name = name, Weight = (int)number };
        return ReadAddress(address, ref server) is { } refusal ? $"{refusal}: '{text}'" : null;
    }

    /// <summary>Fills in the address and the effective name; the reason as a result when it is refused.</summary>
    public static string? ReadAddress(string text, ref ServerConfig server)
    {
        var refusal = AddressText.Read(text, Form, out var address);
        if (address is not null)
        {
            server = server with { Address = address, EffectiveName = server.Name ?? NameOf(address) };
        }
        return refusal;
    }

    // The name is made of the text as written: a leading zero of the port counts, and so do brackets.
    private static string NameOf(AddressConfig address)
    {
        if (address.Path is not null)
        {
            return PartitionMember.DefaultSocketName(address.Path);
        }
        var colon = address.Text.LastIndexOf(':');
        return PartitionMember.DefaultName(address.Text[..colon], address.Text[(colon + 1)..]);
    }

    private static string MissingWeight(string rest, bool isSocket)
    {
        var colon = rest.IndexOf(':');
        var looksComplete = isSocket || (colon > 0 && AddressText.ReadPort(rest[(colon + 1)..]) is not null);
        return looksComplete ? $" (is the weight missing? '{rest}:1')" : "";
    }
}
