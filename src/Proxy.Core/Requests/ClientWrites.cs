using Proxy.Core.Backends;

namespace Proxy.Core.Requests;

/// <summary>
/// Where a client wrote, as sets of servers (<see cref="Topology.Server.Bit"/>): WAIT has to ask them, over the connection that carried the
/// writes where that is still the client's. A request that may write adds its server: that is all that the hot path does for WAIT.
/// </summary>
internal struct ClientWrites
{
    /// <param name="now">See <see cref="Since"/>.</param>
    public ClientWrites(long now)
    {
        Since = now;
    }

    /// <summary>Servers that it wrote to since <see cref="Since"/> over the connection that it shares.</summary>
    public ulong Shared { get; private set; }

    /// <summary>Servers that it wrote to over other connections, former ones or its own.</summary>
    public ulong Earlier { get; private set; }

    /// <summary>From when on <see cref="Shared"/> counts, by <see cref="Workers.Worker.LinksLeft"/>.</summary>
    public long Since { get; private set; }

    /// <summary>It writes over the connection that it shares with others.</summary>
    public void AddShared(ulong server) => Shared |= server;

    /// <summary>It writes to a server over another connection than the one that it shares: what it wrote before comes before.</summary>
    public void AddOther(ulong server)
    {
        Earlier |= server;
        Shared &= ~server;
    }

    /// <summary>It writes over a connection, its own or one that it shares.</summary>
    public void Add(IServerLink link)
    {
        if (link is BackendConnection shared)
        {
            AddShared(shared.ServerBit);
        }
        else
        {
            AddOther(link.Server.Bit);
        }
    }

    /// <summary>The connections that carried what it wrote so far are not those that it uses from now on.</summary>
    /// <param name="now">See <see cref="Since"/>.</param>
    public void Leave(long now)
    {
        Earlier |= Shared;
        Shared = 0;
        Since = now;
    }
}
