using System.Net;
using System.Net.Sockets;
using Proxy.Core.Model;

namespace Proxy.Core.Configuration;

/// <summary>Makes the models of addresses.</summary>
internal static class AddressModels
{
    /// <summary>An address to listen on; its host is known to the resolver.</summary>
    public static AddressModel ToBind(AddressConfig address, HostResolver resolver) =>
        new() { Text = address.Text, EndPoint = resolver.Resolve(address)!, Mode = address.Mode };

    /// <summary>An address to connect to, whose host name is looked up at every connect.</summary>
    public static AddressModel ToConnect(AddressConfig address) => new() { Text = address.Text, EndPoint = EndPointOf(address) };

    private static EndPoint EndPointOf(AddressConfig address)
    {
        if (address.Path is not null)
        {
            return new UnixDomainSocketEndPoint(address.Path);
        }
        return IPAddress.TryParse(address.Host, out var literal)
            ? new IPEndPoint(literal, address.Port)
            : new DnsEndPoint(address.Host!, address.Port);
    }
}
