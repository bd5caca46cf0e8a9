using System.Net.Sockets;
using NUnit.Framework;
using Proxy.Testing;
using Proxy.Transport.Loops;

namespace Proxy.Transport.Tests.Loops;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LoopGroupTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<PlainLoop> _loops = [];

    [TearDown]
    public void EndLoops() =>
        Assert.That(
            Task.WhenAll(_loops.Where(loop => loop.Opened).Select(loop => loop.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.Zero))).Wait(Patience),
            Is.True);

    [Test]
    public void SecondLoopCannotOpen_FirstIsEndedAndThirdNeverBegun()
    {
        Assert.Throws<SocketException>(() => NewGroup(3, failing: 1));
        Assert.That(_loops, Has.Count.EqualTo(2));
        Assert.That(_loops[0].IsTerminated, Is.True);
        Assert.That(_loops.Select(loop => loop.Released), Is.All.EqualTo(1));
    }

    [Test]
    public void AcceptedChannel_CountsUntilItIsClosed()
    {
        var group = NewGroup(2);
        var first = Register(group);
        var second = Register(group);
        Assert.That(_loops.Select(loop => loop.Load), Is.EqualTo(new[] { 1, 1 }));
        Close(first);
        Assert.That(_loops.Select(loop => loop.Load), Is.EqualTo(new[] { 0, 1 }));
        Close(second);
        Assert.That(_loops.Select(loop => loop.Load), Is.All.Zero);
    }

    [Test]
    public void RegistrationWithALoopItself_CountsAsWell()
    {
        NewGroup(2);
        var channel = new FakeChannel(new FakeChannel(null));
        Assert.That(_loops[1].RegisterAsync(channel).Wait(Patience), Is.True);
        Assert.That(_loops[1].Load, Is.EqualTo(1));
        Close(channel);
        Assert.That(_loops[1].Load, Is.Zero);
    }

    [Test]
    public void RegistrationFails_CountsNoMore()
    {
        var group = NewGroup(1);
        var registered = group.RegisterAsync(new FakeChannel(new FakeChannel(null), failing: true));
        Assert.That(() => registered.Wait(Patience), Throws.InstanceOf<AggregateException>());
        Eventually.Equal(() => _loops[0].Load, 0, "the load is back");
    }

    [Test]
    public void RegistrationWhenTheLoopHasEnded_FailsAndClosesTheChannel()
    {
        var group = NewGroup(1);
        Assert.That(group.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.Zero).Wait(Patience), Is.True);
        var channel = new FakeChannel(new FakeChannel(null));
        Assert.That(() => group.RegisterAsync(channel).Wait(Patience), Throws.InstanceOf<AggregateException>());
        Assert.That(channel.Open, Is.False);
    }

    [Test]
    public void ConnectedChannel_DoesNotCount()
    {
        var group = NewGroup(1);
        Assert.That(group.RegisterAsync(new FakeChannel(null)).Wait(Patience), Is.True);
        Assert.That(_loops[0].Load, Is.Zero);
    }

    [Test]
    public void Shutdown_EndsAllLoopsAndReleasesThemOnce()
    {
        var group = NewGroup(3);
        Assert.That(group.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(5)).Wait(Patience), Is.True);
        Assert.That((group.IsShuttingDown, group.IsShutdown, group.IsTerminated), Is.EqualTo((true, true, true)));
        Assert.That(_loops.Select(loop => loop.Released), Is.All.EqualTo(1));
    }

    [Test]
    public void TimerSetWhileTheLoopEnds_IsCancelled()
    {
        var group = NewGroup(1);
        var loop = _loops[0];
        var timer = new TaskCompletionSource<Task>();
        var ended = loop.ShutdownGracefullyAsync(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5));
        loop.Execute(() => timer.SetResult(loop.ScheduleAsync(() => { }, TimeSpan.FromHours(1))));
        Assert.That(ended.Wait(Patience), Is.True);
        Assert.That(() => timer.Task.Result.Wait(Patience), Throws.InnerException.InstanceOf<TaskCanceledException>());
        Assert.That(group.IsTerminated, Is.True);
    }

    [Test]
    public void TimerThatSetsItselfAgainAtOnce_LetsTasksRun()
    {
        NewGroup(1);
        var loop = _loops[0];
        var stop = false;
        void Again()
        {
            if (!Volatile.Read(ref stop))
            {
                loop.Schedule(Again, TimeSpan.Zero);
            }
        }

        loop.Execute(Again);
        var ran = new TaskCompletionSource();
        loop.Execute(() => loop.Execute(ran.SetResult));
        Assert.That(ran.Task.Wait(Patience), Is.True);
        Volatile.Write(ref stop, true);
    }

    private LoopGroup NewGroup(int threads, int failing = -1) => new(threads, (parent, name) =>
    {
        var loop = new PlainLoop(parent, name, fails: _loops.Count == failing);
        _loops.Add(loop);
        return loop;
    });

    private static FakeChannel Register(LoopGroup group)
    {
        var channel = new FakeChannel(new FakeChannel(null));
        Assert.That(group.RegisterAsync(channel).Wait(Patience), Is.True);
        return channel;
    }

    private static void Close(FakeChannel channel)
    {
        Assert.That(channel.CloseAsync().Wait(Patience), Is.True);
        Eventually.Equal(() => channel.Registered, false, "deregistered");
    }
}
