using NUnit.Framework;
using Proxy.Host.Signals;
using Proxy.Testing;

namespace Proxy.Host.Tests.Signals;

/// <summary>
/// In the test's own process. SIGINT and SIGHUP are not among them: who started the tests may have had them ignored, and the runtime has
/// settled then, before the test began, that nobody is ever told (<see cref="InheritedSignalTests"/>).
/// </summary>
[TestFixture]
[NonParallelizable]
internal sealed class SignalQueueTests
{
    [TestCase(UnixSignal.Terminate, nameof(ProcessSignal.Terminate))]
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
