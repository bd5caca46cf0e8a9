using System.Net;
using System.Net.Sockets;

namespace Proxy.Core.Configuration;

/// <summary>
/// Finds the addresses of the hosts that are listened on, each once for a file; of several the first counts, as with twemproxy. Blocks
/// while a name is looked up. Servers are not resolved here but at every connect.
/// </summary>
/// <param name="lookUp">Addresses of a host name, empty for an unknown one.</param>
internal sealed class HostResolver(Func<string, IPAddress[]> lookUp)
{
    private readonly Dictionary<string, IPAddress?> _known = [];

    /// <summary>The resolver of the operating system.</summary>
    public static HostResolver OfSystem() => new(LookUp);

    /// <summary>What to bind for an address; null when its host is not known.</summary>
    public EndPoint? Resolve(AddressConfig address)
    {
        if (address.Path is not null)
        {
            return new UnixDomainSocketEndPoint(address.Path);
        }
        var host = address.Host!;
        if (!_known.TryGetValue(host, out var ip))
        {
            ip = IPAddress.TryParse(host, out var literal) ? literal : lookUp(host).FirstOrDefault();
            _known.Add(host, ip);
        }
        return ip is null ? null : new IPEndPoint(ip, address.Port);
    }

    private static IPAddress[] LookUp(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
