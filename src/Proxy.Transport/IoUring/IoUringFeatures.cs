namespace Proxy.Transport.IoUring;

/// <summary>
/// What io_uring can do beyond the least that the transport needs (buffer rings, Linux 5.19). Without any of it the transport is as right,
/// only slower. The defaults ask for everything; <see cref="IoUringProbe"/> leaves what the kernel has.
/// </summary>
internal sealed record IoUringFeatures
{
    /// <summary>Completions are made when the loop asks for them, and one thread submits (6.1).</summary>
    public bool DeferTaskrun { get; init; } = true;

    /// <summary>Completions do not interrupt the loop (5.19); what is used where <see cref="DeferTaskrun"/> is missing.</summary>
    public bool CooperativeTaskrun { get; init; } = true;

    /// <summary>A wrong submission does not hold up those behind it (5.18).</summary>
    public bool SubmitAll { get; init; } = true;

    /// <summary>The submission queue needs no array of indices (6.6).</summary>
    public bool NoSubmissionArray { get; init; } = true;

    /// <summary>The ring need not be looked up by its descriptor (5.18).</summary>
    public bool RegisteredRing { get; init; } = true;

    /// <summary>One submission accepts until it is cancelled (5.19).</summary>
    public bool MultishotAccept { get; init; } = true;

    /// <summary>One submission receives until it is cancelled (6.0).</summary>
    public bool MultishotReceive { get; init; } = true;

    /// <summary>A send that succeeds makes no completion, and one that is cut short tells by how much (6.1).</summary>
    public bool SkipCompletion { get; init; } = true;

    /// <summary>A wait can hold out for several completions, for a limited time (6.12).</summary>
    public bool MinimumWait { get; init; } = true;

    /// <summary>What the transport needs and no more.</summary>
    public static IoUringFeatures None { get; } = new()
    {
        DeferTaskrun = false,
        CooperativeTaskrun = false,
        SubmitAll = false,
        NoSubmissionArray = false,
        RegisteredRing = false,
        MultishotAccept = false,
        MultishotReceive = false,
        SkipCompletion = false,
        MinimumWait = false,
    };

    /// <summary>What both have.</summary>
    public IoUringFeatures And(IoUringFeatures other) => new()
    {
        DeferTaskrun = DeferTaskrun && other.DeferTaskrun,
        CooperativeTaskrun = CooperativeTaskrun && other.CooperativeTaskrun,
        SubmitAll = SubmitAll && other.SubmitAll,
        NoSubmissionArray = NoSubmissionArray && other.NoSubmissionArray,
        RegisteredRing = RegisteredRing && other.RegisteredRing,
        MultishotAccept = MultishotAccept && other.MultishotAccept,
        MultishotReceive = MultishotReceive && other.MultishotReceive,
        SkipCompletion = SkipCompletion && other.SkipCompletion,
        MinimumWait = MinimumWait && other.MinimumWait,
    };
}
