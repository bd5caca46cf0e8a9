namespace Proxy.Testing;

/// <summary>Signals by their Linux numbers.</summary>
public enum UnixSignal
{
    Hangup = 1,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
    TerminalInput = 21,
    TerminalOutput = 22,
    User1 = 10,
}

