using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>A connection to a server, shared or leased, as those see it whose requests go over it. Used on the worker's loop only.</summary>
internal interface IServerLink : IResumable
{
    /// <summary>The server it goes to.</summary>
    public Server Server { get; }

    /// <summary>Bytes not yet handed to the channel. A request is appended here and then entered with <see cref="Enqueue"/>.</summary>
    public OutBuffer Output { get; }

    /// <summary>True while the server takes less than it is sent: whoever feeds it should wait.</summary>
    public bool IsCongested { get; }

    /// <summary>The scripts that the server is known to have, over the present socket.</summary>
    public LoadedScripts Scripts { get; }

    /// <summary>Enters a request whose bytes were just appended to <see cref="Output"/> behind everything before.</summary>
    /// <param name="request">Its place in the queue.</param>
    /// <param name="length">Bytes appended.</param>
    public void Enqueue(InFlight request, long length);

    /// <summary>Has <paramref name="waiter"/> told, once, when the server took what is waiting for it, or it was given up.</summary>
    public void WhenDrained(IDrainWaiter waiter);
}
