using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Requests.Sessions;

/// <summary>All clients of the process, wherever they live. From any worker's loop.</summary>
internal interface IClientDirectory
{
    /// <summary>Asks each client of a pool, on its own worker.</summary>
    /// <param name="asker">Whose question it is.</param>
    /// <param name="pool">Whose clients are asked.</param>
    /// <param name="step">Runs on each client's worker. Null for nothing to tell.</param>
    /// <param name="done">Runs on the asker's worker with what was told, in no particular order.</param>
    public void Gather<T>(Worker asker, ServerPool pool, Func<ClientSession, T?> step, Action<List<T>> done)
        where T : class;
}
