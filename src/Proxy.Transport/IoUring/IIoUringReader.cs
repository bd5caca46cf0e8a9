namespace Proxy.Transport.IoUring;

/// <summary>What fires reads, as its event loop sees it. Loop thread only.</summary>
internal interface IIoUringReader
{
    /// <summary>All that has arrived in this turn was fired. May be called without need.</summary>
    public void CompleteRead();
}
