using System.Text;
using NUnit.Framework;
using Proxy.Core.Backends;
using Proxy.Core.Workers;

namespace Proxy.Core.Tests.Backends;

public sealed class HandshakeTests
{
    private static readonly Lane Default = new(0, 2);

    [Test]
    public void NoPasswordAndDatabaseZero_NothingIsSaid() =>
        Assert.That(new Handshake(Pools.Model(), Default).IsDone, Is.True);

    [Test]
    public void PasswordAndDatabase_AuthIsSentAloneAndFirst()
    {
        var handshake = new Handshake(Pools.Model() with { Password = "secret"u8.ToArray() }, Default with { Database = 3 });

        Assert.That(Next(handshake), Is.EqualTo("*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n"));
        Assert.That(Receive(handshake, "+OK\r\n"), Is.True);
        Assert.That(Next(handshake), Is.EqualTo("*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n"));
        Assert.That(Receive(handshake, "+OK\r\n"), Is.True);
        Assert.That(handshake.IsDone, Is.True);
    }

    [Test]
    public void LaneOfResp3_SaysHello() =>
        Assert.That(Next(new Handshake(Pools.Model(), Default with { RespVersion = 3 })), Is.EqualTo("*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n"));

    [Test]
    public void RefusedPassword_IsAFailureInTheServersWords()
    {
        var handshake = new Handshake(Pools.Model() with { Password = "wrong"u8.ToArray() }, Default);

        Assert.That(Receive(handshake, "-WRONGPASS invalid username-password pair or user is disabled.\r\n"), Is.False);
        Assert.That(handshake.Failure, Is.EqualTo(FailureKind.AuthenticationFailed));
        Assert.That(handshake.Detail, Is.EqualTo("WRONGPASS invalid username-password pair or user is disabled."));
    }

    [Test]
    public void ServerThatRunsAScript_IsBusy()
    {
        var handshake = new Handshake(Pools.Model(), Default with { Database = 3 });

        Assert.That(Receive(handshake, "-BUSY Redis is busy running a script.\r\n"), Is.False);
        Assert.That(handshake.Failure, Is.EqualTo(FailureKind.Busy));
        Assert.That(handshake.Detail, Is.EqualTo("BUSY Redis is busy running a script."));
    }

    [Test]
    public void AnswerInPieces_IsAwaited()
    {
        var handshake = new Handshake(Pools.Model() with { Password = "secret"u8.ToArray() }, Default);

        Assert.That(Receive(handshake, "+O"), Is.Null);
        Assert.That(Receive(handshake, "K\r\n"), Is.True);
    }

    [Test]
    public void AnswerThatIsNotResp_IsAFailure()
    {
        var handshake = new Handshake(Pools.Model() with { Password = "secret"u8.ToArray() }, Default);

        Assert.That(Receive(handshake, "HTTP/1.1 400 Bad Request\r\n"), Is.False);
    }

    private static string Next(Handshake handshake)
    {
        var output = new OutBuffer(new BlockPool(new TestLoop().Loop, new MemoryBudget(0)));
        handshake.WriteNext(output);
        var block = output.TakeFirst()!;
        return Encoding.ASCII.GetString(block.Bytes, block.Start, block.Length);
    }

    private static bool? Receive(Handshake handshake, string text)
    {
        ReadOnlySpan<byte> bytes = Encoding.ASCII.GetBytes(text);
        return handshake.Receive(ref bytes);
    }
}
