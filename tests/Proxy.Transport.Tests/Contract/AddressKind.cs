namespace Proxy.Transport.Tests.Contract;

/// <summary>What a connection runs over.</summary>
public enum AddressKind
{
    Ipv4,
    Ipv6,
    Unix,
}
