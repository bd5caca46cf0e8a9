using System.Net.Sockets;
using NUnit.Framework;
using Proxy.Testing;
using Proxy.Transport.Native;
using Proxy.Transport.Tests.Contract;

namespace Proxy.Transport.Tests.Faults;

/// <summary>Loops for which the system has no descriptors, and waits that signals interrupt.</summary>
[TestFixture(AddressKind.Ipv4)]
public sealed class LoopFaultTests(AddressKind kind) : FaultFixture(kind)
{
    [Test]
    public void NoDescriptorForALoop_NoGroupAndNothingIsLeft([Values(0, 1, 3)] int before, [Values("epoll", "event", "control")] string call)
    {
        var loops = ForeignLoops();
        var threads = LoopThreads();
        var calls = 0;
        int Fault() => Interlocked.Increment(ref calls) == before + 1 ? Errno.TooManyFiles : 0;
        _ = call switch
        {
            "epoll" => Kernel.EpollFault = Fault,
            "event" => Kernel.EventFault = Fault,
            _ => Kernel.ControlFault = Fault,
        };
        var failure = Assert.Catch<SocketException>(() => Transport.NewEventLoopGroup(4));
        Assert.That(failure!.SocketErrorCode, Is.EqualTo(SocketError.TooManyOpenSockets));
        Eventually.Equal(ForeignLoops, loops, "no descriptor of a loop is left");
        Eventually.Equal(LoopThreads, threads, "no thread of a loop is left");
    }

    [Test]
    public void WaitsInterrupted_TasksAndTimersRun()
    {
        Kernel.Plan = new FaultPlan { Interrupted = 0.9 };
        var loop = Group.GetNext();
        var ran = new TaskCompletionSource();
        loop.Schedule(() => loop.Execute(ran.SetResult), TimeSpan.FromMilliseconds(20));
        Completes(ran.Task);
    }

    [Test]
    public void WaitsFailForLong_FewCallsAndTasksRun()
    {
        var calls = 0;
        Kernel.WaitFault = () =>
        {
            Interlocked.Increment(ref calls);
            return Errno.BadDescriptor;
        };
        var ran = new TaskCompletionSource();
        Group.GetNext().Execute(ran.SetResult);
        Completes(ran.Task);
        Eventually.LetTimePass(TimeSpan.FromMilliseconds(300));
        Assert.That(calls, Is.LessThan(100));
        Kernel.WaitFault = null;
    }

    private static int LoopThreads() =>
        Directory.GetDirectories("/proc/self/task").Count(task => NameOf(task).StartsWith("proxy-loop-", StringComparison.Ordinal));

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            return string.Empty; // ended since it was listed
        }
    }
}
