namespace Proxy.Transport.IoUring;

/// <summary>How io_uring trades latency for CPU under load.</summary>
/// <param name="LongestWait">How long at most a loop under load waits for more to do before it goes on with what it has; zero: not at all.</param>
/// <param name="Gate">What load is: so many reads, at least 1, in the turn before. With fewer the loop goes on with the first event.</param>
internal sealed record IoUringOptions(TimeSpan LongestWait, int Gate);
