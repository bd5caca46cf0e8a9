using NUnit.Framework;
using Proxy.Host.Signals;
using Proxy.Testing;

namespace Proxy.Host.Tests.Signals;

[TestFixture]
[NonParallelizable]
internal sealed class SignalQueueTests
{
    [TestCase(UnixSignal.Terminate, nameof(ProcessSignal.Terminate))]
    [TestCase(UnixSignal.Interrupt, nameof(ProcessSignal.Interrupt))]
    [TestCase(UnixSignal.Hangup, nameof(ProcessSignal.Hangup))]
    [TestCase(UnixSignal.TerminalInput, nameof(ProcessSignal.LogMore))]
    [TestCase(UnixSignal.TerminalOutput, nameof(ProcessSignal.LogLess))]
    [TestCase(UnixSignal.User1, nameof(ProcessSignal.User1))]
    public async Task Signal_ComesOutOfTheQueueAndDoesNothingElse(UnixSignal sent, string expected)
    {
        using var signals = new SignalQueue();
        using var deadline = new CancellationTokenSource(Eventually.DefaultDeadline);

        UnixSignals.Send(Environment.ProcessId, sent);

        Assert.That((await signals.Reader.ReadAsync(deadline.Token)).ToString(), Is.EqualTo(expected));
    }
}
