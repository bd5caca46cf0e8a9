namespace Proxy.Core.Workers;

/// <summary>Something with deadlines. The worker asks it when the next of them is due, give or take <see cref="Worker.TickMs"/> milliseconds.</summary>
internal interface ITicking
{
    /// <summary>Looks at its deadlines. Runs on the worker's loop.</summary>
    /// <param name="nowMs"><see cref="Environment.TickCount64"/>, read once for the whole tick.</param>
    /// <returns>
    /// When it wants to be asked again at the latest; <see cref="long.MaxValue"/> when there is nothing left to watch, and it must be
    /// registered again later.
    /// </returns>
    public long Tick(long nowMs);
}
