namespace Proxy.Core.Requests.Blocking;

/// <summary>A request of a client that waits at servers for what others do. Its client takes no other meanwhile. Called on the worker's loop.</summary>
internal interface IBlockedCommand
{
    /// <summary>The client is gone: the wait ends at once.</summary>
    public void LetGo();

    /// <summary>CLIENT UNBLOCK: ends the wait.</summary>
    /// <param name="withError">Whether its client gets an error, or the reply of a timeout.</param>
    /// <param name="done">Is told, on the worker's loop, whether the wait ended by this.</param>
    public void Unblock(bool withError, Action<bool> done);

    /// <summary>The wait is to end as if its time were over.</summary>
    public void EndWait();
}
