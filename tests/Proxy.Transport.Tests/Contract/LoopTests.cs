using System.Collections.Concurrent;
using System.Diagnostics;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>What the proxy relies on in the event loops of a transport.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.EachTransport))]
public sealed class LoopTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void Group_HasOneThreadPerLoop()
    {
        var threads = Group.Items.Select(loop => OnLoop(loop, () => Environment.CurrentManagedThreadId)).ToArray();
        Assert.That(threads, Has.Length.EqualTo(2).And.Unique);
        Assert.That(Group.Items.Select(loop => OnLoop(loop, () => Environment.CurrentManagedThreadId)), Is.EqualTo(threads));
    }

    [Test]
    public void ExecuteInsideATask_RunsAfterWhatIsQueued()
    {
        var loop = Group.GetNext();
        var order = new ConcurrentQueue<string>();
        var done = new System.Threading.Tasks.TaskCompletionSource();
        using var bothQueued = new ManualResetEventSlim();
        loop.Execute(() =>
        {
            bothQueued.Wait();
            loop.Execute(() =>
            {
                order.Enqueue("third");
                done.SetResult();
            });
            order.Enqueue("first");
        });
        loop.Execute(() => order.Enqueue("second"));
        bothQueued.Set();
        Completes(done.Task);
        Assert.That(order, Is.EqualTo(new[] { "first", "second", "third" }));
    }

    [Test]
    public void ExecuteFromManyThreads_KeepsTheOrderOfEach()
    {
        var loop = Group.GetNext();
        var ran = new List<(int Thread, int Number)>();
        var threads = Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var number = 0; number < 10_000; number++)
            {
                var task = (thread, number);
                loop.Execute(() => ran.Add(task));
            }
        })).ToArray();
        Completes(Task.WhenAll(threads));
        Assert.That(OnLoop(loop, () => ran.Count), Is.EqualTo(40_000));
        Assert.That(ran.GroupBy(one => one.Thread).All(of => of.Select(one => one.Number).SequenceEqual(Enumerable.Range(0, 10_000))), Is.True);
    }

    [Test]
    public void Schedule_RunsOnTheLoopNotBeforeItsTime()
    {
        var loop = Group.GetNext();
        var clock = Stopwatch.StartNew();
        var ran = new TaskCompletionSource<(bool InLoop, TimeSpan At)>();
        loop.Schedule(() => ran.SetResult((loop.InEventLoop, clock.Elapsed)), TimeSpan.FromMilliseconds(50));
        var (inLoop, at) = Result(ran.Task);
        Assert.That(inLoop, Is.True);
        Assert.That(at, Is.GreaterThan(TimeSpan.FromMilliseconds(49)));
    }

    [Test]
    public void Schedule_Cancelled_NeverRuns()
    {
        var loop = Group.GetNext();
        var ran = false;
        var last = new System.Threading.Tasks.TaskCompletionSource();
        var cancelled = loop.Schedule(() => ran = true, TimeSpan.FromMilliseconds(20));
        Assert.That(OnLoop(loop, cancelled.Cancel), Is.True);
        loop.Schedule(last.SetResult, TimeSpan.FromMilliseconds(60));
        Completes(last.Task);
        Assert.That(ran, Is.False);
    }

    [Test]
    public void TaskThatThrows_LoopGoesOn()
    {
        var loop = Group.GetNext();
        loop.Execute(() => throw new InvalidOperationException("from a task"));
        Assert.That(OnLoop(loop, () => true), Is.True);
    }

    [Test]
    public void AwaitInAHandler_ComesBackToTheLoop()
    {
        var loop = Group.GetNext();
        var came = new TaskCompletionSource<bool>();
        loop.Execute(async void () =>
        {
            await Task.Yield();
            came.SetResult(loop.InEventLoop);
        });
        Assert.That(Result(came.Task), Is.True);
    }

    [Test]
    public void BootstrapOfOneLoop_PinsItsChannels()
    {
        var listener = Listen(() => [Watch()]);
        foreach (var loop in Group.Items)
        {
            var channels = Enumerable.Range(0, 5).Select(_ => Result(ConnectTo(listener, loop))).ToArray();
            Assert.That(channels.Select(channel => channel.EventLoop), Is.All.SameAs(loop));
        }
    }

    [Test]
    public void AcceptedChannels_AreSpreadEvenly()
    {
        var accepted = new ConcurrentBag<IChannel>();
        var listener = Listen(() => [Watch(new Recorder { OnActive = context => accepted.Add(context.Channel) })]);
        for (var client = 0; client < 40; client++)
        {
            Own(Peer.Connect(listener.LocalAddress));
        }

        Eventually.Equal(() => accepted.Count, 40, "all are accepted");
        Assert.That(accepted.GroupBy(channel => channel.EventLoop).Select(loop => loop.Count()), Is.EqualTo(new[] { 20, 20 }));
    }

    [Test]
    public void Shutdown_IsQuick()
    {
        var group = Transport.NewEventLoopGroup(2);
        var clock = Stopwatch.StartNew();
        Shutdown(group);
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(2)));
        Assert.That(group.IsTerminated, Is.True);
    }

    [Test]
    public void Shutdown_RunsWhatWasQueuedBefore()
    {
        var group = Transport.NewEventLoopGroup(1);
        var ran = 0;
        for (var task = 0; task < 1000; task++)
        {
            group.GetNext().Execute(() => ran++);
        }

        Shutdown(group);
        Assert.That(ran, Is.EqualTo(1000));
    }

    [Test]
    public void ExecuteDuringTheShutdown_RunsOrIsRejected()
    {
        var group = Transport.NewEventLoopGroup(1);
        var loop = group.GetNext();
        var ran = 0;
        var accepted = 0;
        using var started = new ManualResetEventSlim();
        var executing = Task.Run(() =>
        {
            try
            {
                while (true)
                {
                    loop.Execute(() => Interlocked.Increment(ref ran));
                    accepted++;
                    started.Set();
                    SpinWait.SpinUntil(() => accepted - Volatile.Read(ref ran) < 10 || group.IsTerminated);
                }
            }
            catch (RejectedExecutionException)
            {
                // The loop has ended.
            }
        });
        started.Wait();
        Shutdown(group);
        Completes(executing);
        Assert.That(ran, Is.EqualTo(accepted));
    }

    [Test]
    public void ExecuteAfterTheShutdown_IsRejected()
    {
        var group = Transport.NewEventLoopGroup(1);
        var loop = group.GetNext();
        Shutdown(group);
        Assert.Throws<RejectedExecutionException>(() => loop.Execute(() => { }));
    }

    private Task<IChannel> ConnectTo(IChannel listener, IEventLoop loop)
    {
        var bootstrap = new DotNetty.Transport.Bootstrapping.Bootstrap()
            .Group(loop)
            .ChannelFactory(() => Own(new ClosingChannel(Transport.NewSocketChannel(listener.LocalAddress))).Channel)
            .Handler(Watch());
        return bootstrap.ConnectAsync(listener.LocalAddress);
    }

    private static T OnLoop<T>(IEventLoop loop, Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Execute(() => done.SetResult(function()));
        return Result(done.Task);
    }

    private sealed record ClosingChannel(IChannel Channel) : IDisposable
    {
        public void Dispose() => Completes(Channel.CloseAsync());
    }
}
