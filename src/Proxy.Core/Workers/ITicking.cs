namespace Proxy.Core.Workers;

/// <summary>Something with deadlines. It is asked every <see cref="Worker.TickMs"/> milliseconds, and only while it wants to be.</summary>
internal interface ITicking
{
    /// <summary>Looks at its deadlines. Runs on the worker's loop.</summary>
    /// <param name="nowMs"><see cref="Environment.TickCount64"/>, read once for the whole tick.</param>
    /// <returns>False when there is nothing left to watch; it must be registered again later.</returns>
    public bool Tick(long nowMs);
}
