using NUnit.Framework;
using Proxy.Core.Configuration.Binding;

namespace Proxy.Core.Tests.Configuration.Binding;

[TestFixture]
internal sealed class AddressTextTests
{
    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    [TestCase("127.0.0.1:6380", "127.0.0.1", 6380)]
    [TestCase("localhost:1", "localhost", 1)]
    [TestCase("redis_1.example.com:65535", "redis_1.example.com", 65535)]
    [TestCase("::1:6380", "::1", 6380)]
    [TestCase("[::1]:6380", "::1", 6380)]
    [TestCase("fe80::1:6380", "fe80::1", 6380)]
    [TestCase("127.0.0.1:006380", "127.0.0.1", 6380)]
    public void Read_HostAndPort_AreCutAtTheLastColon(string text, string host, int port)
    {
        var refusal = AddressText.Read(text, "hostname:port", out var address);

        Assert.That((refusal, address?.Text, address?.Host, address?.Port), Is.EqualTo(((string?)null, text, host, port)));
    }

    [TestCase("127.0.0.1")]
    [TestCase("")]
    [TestCase(":6380")]
    [TestCase("[::1:6380")]
    [TestCase("[127.0.0.1]:6380")]
    [TestCase("[]:6380")]
    [TestCase("a:b:6380")]
    [TestCase("my host:6380")]
    [TestCase("redis://a:6380")]
    [TestCase("*:6380")]
    public void Read_NoHostAndPort_IsRefused(string text) =>
        Assert.That(AddressText.Read(text, "hostname:port", out _), Is.EqualTo("has an invalid \"hostname:port\" format string"));

    [TestCase("127.0.0.1:0")]
    [TestCase("127.0.0.1:65536")]
    [TestCase("127.0.0.1:")]
    [TestCase("127.0.0.1:x")]
    [TestCase("127.0.0.1:-1")]
    [TestCase("127.0.0.1: 1")]
    [TestCase("127.0.0.1:99999999999999999999")]
    public void Read_NoPort_IsRefused(string text) =>
        Assert.That(AddressText.Read(text, "hostname:port", out _), Is.EqualTo("has an invalid port in \"hostname:port\" format string"));

    [Test]
    public void ReadListen_SocketWithMode_IsRead()
    {
        var refusal = AddressText.ReadListen("/run/my proxy.sock 0660", out var address);

        Assert.That((refusal, address?.Path, address?.Text, address?.Mode), Is.EqualTo(((string?)null, "/run/my proxy.sock", "/run/my proxy.sock", OwnerAndGroup)));
    }

    [Test]
    public void ReadListen_SocketWithoutMode_HasNone()
    {
        AddressText.ReadListen("/run/proxy.sock", out var address);

        Assert.That((address?.Path, address?.Mode), Is.EqualTo(("/run/proxy.sock", (UnixFileMode?)null)));
    }

    [TestCase("1000")]
    [TestCase("0888")]
    [TestCase("rw")]
    [TestCase("")]
    public void ReadListen_SocketWithAnotherMode_IsRefused(string mode) =>
        Assert.That(
            AddressText.ReadListen($"/run/proxy.sock {mode}", out _),
            Is.EqualTo("has an invalid file permission in \"socket_path permission\" format string"));

    [TestCase(107, true)]
    [TestCase(108, false)]
    public void ReadListen_LongSocketPath_HasToFitTheSystem(int length, bool fits)
    {
        var refusal = AddressText.ReadListen("/" + new string('x', length - 1), out _);

        Assert.That(refusal, fits ? Is.Null : Is.EqualTo("has an invalid value: the path of a Unix socket has at most 107 bytes"));
    }
}
