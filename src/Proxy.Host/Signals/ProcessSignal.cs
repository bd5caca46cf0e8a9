namespace Proxy.Host.Signals;

/// <summary>A signal that the process acts upon.</summary>
internal enum ProcessSignal
{
    /// <summary>SIGTERM: finish what is in flight and end; a second time: end now.</summary>
    Terminate,

    /// <summary>SIGINT: the same, from a terminal.</summary>
    Interrupt,

    /// <summary>SIGHUP: reopen the log, reload the configuration.</summary>
    Hangup,

    /// <summary>SIGTTIN: log more.</summary>
    LogMore,

    /// <summary>SIGTTOU: log less.</summary>
    LogLess,

    /// <summary>SIGUSR1: noted, as twemproxy does.</summary>
    User1,

    /// <summary>SIGUSR2: noted, as twemproxy does.</summary>
    User2,
}
