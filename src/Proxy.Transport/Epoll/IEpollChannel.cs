namespace Proxy.Transport.Epoll;

/// <summary>A channel as its event loop sees it. Loop thread only.</summary>
internal interface IEpollChannel
{
    /// <summary>Something happened to the descriptor: a mask of <see cref="EpollEvents"/>.</summary>
    public void OnReady(uint mask);

    /// <summary>It asked for another go (<see cref="EpollEventLoop.Continue"/>): what is ready was not handled to its end.</summary>
    public void OnContinue();

    /// <summary>Handling what was ready has failed in a way that it does not know: whatever state that left it in, it cannot go on.</summary>
    public void Abort(Exception bug);
}
