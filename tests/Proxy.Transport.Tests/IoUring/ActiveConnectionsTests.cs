using NUnit.Framework;
using Proxy.Transport.IoUring;

namespace Proxy.Transport.Tests.IoUring;

public sealed class ActiveConnectionsTests
{
    private ActiveConnections _active = null!;

    [SetUp]
    public void Begin() => _active = new ActiveConnections();

    [Test]
    public void ReadsOfTheSameConnections_CountThemOnce()
    {
        Read(connections: 50, reads: 300);

        Assert.That(_active.Count, Is.EqualTo(50));
    }

    [Test]
    public void MoreBecomeActive_CountAtOnce()
    {
        Read(connections: 10, reads: ActiveConnections.Window);

        Read(connections: 60, reads: 60);

        Assert.That(_active.Count, Is.EqualTo(60));
    }

    [Test]
    public void FewerAreActive_CountAfterTheWindow()
    {
        Read(connections: 400, reads: ActiveConnections.Window);

        Read(connections: 5, reads: ActiveConnections.Window);

        Assert.That(_active.Count, Is.EqualTo(5));
    }

    [Test]
    public void MoreThanTheWindow_CountItAtMost()
    {
        Read(connections: 10_000, reads: 10_000);

        Assert.That(_active.Count, Is.EqualTo(ActiveConnections.Window));
    }

    private void Read(int connections, int reads)
    {
        for (var read = 0; read < reads; read++)
        {
            _active.Note((ulong)(read % connections));
        }
    }
}
