namespace Proxy.Transport.Tests.Faults;

/// <summary>How often the system misbehaves: chances between 0 and 1, for each call anew.</summary>
internal sealed record FaultPlan
{
    /// <summary>A send takes only some of what it is given.</summary>
    public double ShortSend { get; init; }

    /// <summary>A receive gives only some of what is there.</summary>
    public double ShortReceive { get; init; }

    /// <summary>A send or receive says that it would block although it would not.</summary>
    public double Again { get; init; }

    /// <summary>A signal comes first.</summary>
    public double Interrupted { get; init; }

    /// <summary>A send or receive finds the connection broken.</summary>
    public double Broken { get; init; }
}
