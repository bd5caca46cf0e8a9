using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Proxy.Host.CommandLine;

/// <summary>Reads the values of flags, refusing in nutcracker's words.</summary>
internal static class FlagParsers
{
    private const int LeastMbufSize = 512;

    private const int MostMbufSize = 16 << 20;

    /// <summary>A number of decimal digits; null, and an error, for anything else.</summary>
    public static int? Number(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }
        result.AddError($"option {Flag(result)} requires a number: '{text}'");
        return null;
    }

    /// <summary>A port, 1 to 65535.</summary>
    public static int? Port(ArgumentResult result)
    {
        var port = Number(result);
        if (port is < 1 or > ushort.MaxValue)
        {
            result.AddError($"option {Flag(result)} value {port} is not a valid port");
        }
        return port;
    }

    /// <summary>The size of an mbuf, which is checked and has no effect.</summary>
    public static int? MbufSize(ArgumentResult result)
    {
        var size = Number(result);
        if (size is < LeastMbufSize or > MostMbufSize)
        {
            result.AddError($"mbuf chunk size must be between {LeastMbufSize} and {MostMbufSize} bytes");
        }
        return size;
    }

    /// <summary>An IP address, or a host name, which is looked up.</summary>
    public static IPAddress? Address(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!IPAddress.TryParse(text, out var address))
        {
            address = LookUp(text);
        }
        if (address is null)
        {
            result.AddError($"option {Flag(result)} value '{text}' is not an address");
        }
        return address;
    }

    private static IPAddress? LookUp(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host).FirstOrDefault();
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException)
        {
            return null;
        }
    }

    private static string Flag(ArgumentResult result) => (result.Parent as OptionResult)?.IdentifierToken?.Value ?? result.Argument.Name;
}
