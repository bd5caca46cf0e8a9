using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Proxy.Core.Configuration.Binding;

/// <summary>
/// Cuts addresses as twemproxy does: at the last colon, so that IPv6 needs no brackets (<c>::1:6380</c>), though it may have them
/// (<c>[::1]:6380</c>); what begins with a slash is a Unix socket. Every refusal is the reason, in twemproxy's words where it has them.
/// </summary>
internal static class AddressText
{
    // struct sockaddr_un: 108 bytes with the zero at the end.
    private const int LongestSocketPath = 107;

    /// <summary>Reads <c>host:port</c> or <c>/path</c>.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="form">The form that a refusal names, <c>hostname:port</c>.</param>
    /// <param name="address">The address; null when refused.</param>
    /// <returns>Why it is refused; null when it is not.</returns>
    public static string? Read(string text, string form, out AddressConfig? address)
    {
        if (text.StartsWith('/'))
        {
            return ReadSocket(text, out address);
        }
        address = null;
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? null : HostOf(text[..colon]);
        if (host is null)
        {
            return $"has an invalid \"{form}\" format string";
        }
        if (ReadPort(text[(colon + 1)..]) is not { } port)
        {
            return $"has an invalid port in \"{form}\" format string";
        }
        address = new AddressConfig { Text = text, Host = host, Port = port };
        return null;
    }

    /// <summary>
    /// Reads what <c>listen:</c> takes: <c>host:port</c>, or <c>/path</c> and perhaps a mode, <c>/run/proxy.sock 0660</c>.
    /// </summary>
    public static string? ReadListen(string text, out AddressConfig? address)
    {
        var space = text.LastIndexOf(' ');
        if (!text.StartsWith('/') || space < 0)
        {
            return Read(text, "hostname:port", out address);
        }
        if (ReadMode(text[(space + 1)..]) is not { } mode)
        {
            address = null;
            return "has an invalid file permission in \"socket_path permission\" format string";
        }
        var refusal = ReadSocket(text[..space], out address);
        address = address is null ? null : address with { Mode = mode };
        return refusal;
    }

    /// <summary>Reads the path of a Unix socket.</summary>
    public static string? ReadSocket(string path, out AddressConfig? address)
    {
        if (Encoding.UTF8.GetByteCount(path) > LongestSocketPath || path.Contains('\0'))
        {
            address = null;
            return $"has an invalid value: the path of a Unix socket has at most {LongestSocketPath} bytes";
        }
        address = new AddressConfig { Text = path, Path = path };
        return null;
    }

    /// <summary>The port, 1 to 65535, null for anything else.</summary>
    public static int? ReadPort(string text) =>
        ScalarText.TryNumber(text, out var port) && port is >= 1 and <= ushort.MaxValue ? (int)port : null;

    /// <summary>The host without its brackets; null where it is none.</summary>
    public static string? HostOf(string text)
    {
        if (text.StartsWith('[') && text.EndsWith(']'))
        {
            return IsIPv6(text[1..^1]) ? text[1..^1] : null;
        }
        if (text.Contains(':'))
        {
            return IsIPv6(text) ? text : null;
        }
        return Uri.CheckHostName(text) == UriHostNameType.Unknown ? null : text;
    }

    private static bool IsIPv6(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    private static UnixFileMode? ReadMode(string text)
    {
        const int all = 0b111_111_111;
        if (text.Length is 0 or > 6 || text.AsSpan().ContainsAnyExceptInRange('0', '7'))
        {
            return null;
        }
        var mode = 0;
        foreach (var digit in text)
        {
            mode = (mode << 3) | (digit - '0');
        }
        return mode <= all ? (UnixFileMode)mode : null;
    }
}
