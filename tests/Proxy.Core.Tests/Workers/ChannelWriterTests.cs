using System.Runtime.CompilerServices;
using NUnit.Framework;
using Proxy.Core.Workers;

namespace Proxy.Core.Tests.Workers;

[NonParallelizable]
public sealed class ChannelWriterTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void ForgottenTaskThatFails_IsNotReportedAsUnobserved(bool failsBefore)
    {
        var marker = $"write failed {failsBefore}";
        var reported = false;
        void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs failed) =>
            reported |= failed.Exception.InnerExceptions.Any(exception => exception.Message == marker);

        TaskScheduler.UnobservedTaskException += OnUnobserved;
        try
        {
            FailAndForget(marker, failsBefore);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= OnUnobserved;
        }

        Assert.That(reported, Is.False);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FailAndForget(string marker, bool failsBefore)
    {
        var write = new TaskCompletionSource();
        if (failsBefore)
        {
            write.SetException(new IOException(marker));
            ChannelWriter.Forget(write.Task);
        }
        else
        {
            ChannelWriter.Forget(write.Task);
            write.SetException(new IOException(marker));
        }
    }
}
