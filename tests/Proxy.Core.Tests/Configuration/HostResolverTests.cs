using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Proxy.Core.Configuration;

namespace Proxy.Core.Tests.Configuration;

[TestFixture]
internal sealed class HostResolverTests
{
    private static AddressConfig Address(string host) => new() { Text = $"{host}:1", Host = host, Port = 1 };

    [Test]
    public void Resolve_Literal_AsksNobody()
    {
        var resolver = new HostResolver(host => throw new AssertionException($"asked for {host}"));

        Assert.That(resolver.Resolve(Address("::1")), Is.EqualTo(new IPEndPoint(IPAddress.IPv6Loopback, 1)));
    }

    [Test]
    public void Resolve_HostWithTwoAddresses_TakesTheFirst() =>
        Assert.That(Loading.Resolver().Resolve(Address("both.example")), Is.EqualTo(new IPEndPoint(IPAddress.Parse("10.0.0.2"), 1)));

    [Test]
    public void Resolve_UnknownHost_Null() => Assert.That(Loading.Resolver().Resolve(Address("unknown.example")), Is.Null);

    [Test]
    public void Resolve_SameHostTwice_AsksOnce()
    {
        var asked = 0;
        var resolver = new HostResolver(_ =>
        {
            asked++;
            return [];
        });
        resolver.Resolve(Address("unknown.example"));
        resolver.Resolve(Address("unknown.example"));

        Assert.That(asked, Is.EqualTo(1));
    }

    [Test]
    public void Resolve_UnixSocket_ItsPath() =>
        Assert.That(
            Loading.Resolver().Resolve(new AddressConfig { Text = "/tmp/a.sock", Path = "/tmp/a.sock" }),
            Is.EqualTo(new UnixDomainSocketEndPoint("/tmp/a.sock")));
}
