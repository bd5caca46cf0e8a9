namespace Proxy.Transport.IoUring;

/// <summary>Whether io_uring works here.</summary>
/// <param name="Features">What it can do beyond the least that is needed; null if it does not work.</param>
/// <param name="Reason">One sentence for the log: what was found, or why it does not work and what would help.</param>
internal sealed record IoUringAvailability(IoUringFeatures? Features, string Reason);
