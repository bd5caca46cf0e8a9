using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Proxy.Host.Signals;

/// <summary>
/// Takes the signals of the process, from its creation until it is disposed, and queues them for one reader, so that what they do runs one after
/// the other and outside the handlers. SIGPIPE is ignored by the runtime; the runtime has no handler of its own for SIGTERM that would help.
/// </summary>
internal sealed class SignalQueue : IDisposable
{
    private readonly Channel<ProcessSignal> _signals = Channel.CreateUnbounded<ProcessSignal>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Begins to take signals.</summary>
    public SignalQueue()
    {
        if (!OperatingSystem.IsWindows())
        {
            IgnoredSignal.Restore(IgnoredSignal.Hangup);
            IgnoredSignal.Restore(IgnoredSignal.Interrupt);
        }

        Register(PosixSignal.SIGTERM, ProcessSignal.Terminate);
        Register(PosixSignal.SIGINT, ProcessSignal.Interrupt);
        Register(PosixSignal.SIGHUP, ProcessSignal.Hangup);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Register(PosixSignal.SIGTTIN, ProcessSignal.LogMore);
        Register(PosixSignal.SIGTTOU, ProcessSignal.LogLess);

        // Signals that the runtime has no name for are given by the system's number.
        Register((PosixSignal)(OperatingSystem.IsLinux() ? 10 : 30), ProcessSignal.User1);
        Register((PosixSignal)(OperatingSystem.IsLinux() ? 12 : 31), ProcessSignal.User2);
    }

    /// <summary>The signals in the order in which they came.</summary>
    public ChannelReader<ProcessSignal> Reader => _signals.Reader;

    /// <summary>Leaves the signals to the runtime again.</summary>
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Register(PosixSignal signal, ProcessSignal meaning) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        // Without this the system's own action follows, which for most of them is to end the process.
        context.Cancel = true;
        _signals.Writer.TryWrite(meaning);
    }));
}
