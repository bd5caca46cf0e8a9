using DotNetty.Transport.Channels;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>Opens channels to servers.</summary>
internal interface IBackendConnector
{
    /// <summary>Connects. The result arrives on the worker's loop; exactly one of the two callbacks is called.</summary>
    /// <param name="worker">Whose loop the channel lives on.</param>
    /// <param name="server">Where to.</param>
    /// <param name="timeout">For each address.</param>
    /// <param name="connected">Takes the channel and its handler, which is not attached yet.</param>
    /// <param name="failed">Takes the reason.</param>
    public void Connect(
        Worker worker, Server server, TimeSpan timeout, Action<IChannel, BackendHandler> connected, Action<BackendFailure> failed);
}
