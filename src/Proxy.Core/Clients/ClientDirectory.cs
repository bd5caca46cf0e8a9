using Proxy.Core.Requests;
using Proxy.Core.Requests.Sessions;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Clients;

/// <summary>The clients of all workers: each is asked on its own loop.</summary>
internal sealed class ClientDirectory : IClientDirectory
{
    private readonly IReadOnlyList<ClientRegistry> _registries;

    /// <param name="registries">One per worker. May be filled until the first client is there.</param>
    public ClientDirectory(IReadOnlyList<ClientRegistry> registries)
    {
        _registries = registries;
    }

    /// <inheritdoc/>
    public void Gather<T>(Worker asker, ServerPool pool, Func<ClientSession, T?> step, Action<List<T>> done)
        where T : class
    {
        var told = new List<T>[_registries.Count];
        var missing = told.Length;
        for (var i = 0; i < told.Length; i++)
        {
            var (index, registry) = (i, _registries[i]);
            registry.Worker.Loop.Execute(() =>
            {
                told[index] = [.. registry.ClientsOf(pool).Select(step).OfType<T>()];
                if (Interlocked.Decrement(ref missing) == 0)
                {
                    asker.Loop.Execute(() => done([.. told.SelectMany(some => some)]));
                }
            });
        }
    }
}
