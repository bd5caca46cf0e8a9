using System.Globalization;
using System.Text;
using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;
using Proxy.Core.Requests.Tracking;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Transactions;

/// <summary>
/// The connection on which a client watches keys, from its first WATCH to EXEC, DISCARD, UNWATCH or its end. A server that lost it cannot say
/// any more whether they changed: then the transaction does not run. Owned by its session; used on the worker's loop only.
/// </summary>
internal sealed class WatchState : ILeaseHolder
{
    private int _database;
    private int _respVersion;
    private bool _isChanged;
    private bool _isRetired;
    private TrackedConnection? _tracked;

    /// <param name="client">Whose it is.</param>
    /// <param name="shard">Where its keys are.</param>
    /// <param name="snapshot">By which <paramref name="shard"/> was found.</param>
    public WatchState(ClientSession client, int shard, PoolSnapshot snapshot)
    {
        _database = client.Database;
        _respVersion = client.RespVersion;
        Shard = shard;
        Snapshot = snapshot;
    }

    /// <summary>Where its keys are.</summary>
    public int Shard { get; }

    /// <summary>By which <see cref="Shard"/> was found.</summary>
    public PoolSnapshot Snapshot { get; }

    /// <summary>The connection; null before it is taken, and when it is lost.</summary>
    public LeasedConnection? Lease { get; private set; }

    /// <summary>The same as the way of requests.</summary>
    public IServerLink Link => _tracked ?? (IServerLink)Lease!;

    /// <summary>True if the client uses it for its other requests as well.</summary>
    public bool IsBorrowed => _tracked is not null;

    /// <summary>Takes the connection that the client has to the server anyway, and keeps.</summary>
    public void Borrow(TrackedConnection connection)
    {
        _tracked = connection;
        Lease = connection.Lease;
    }

    /// <summary>Takes a connection.</summary>
    /// <returns>Null, or why there is none.</returns>
    public BackendFailure? Open(LeasePool leases)
    {
        var failure = leases.Take(this, out var lease);
        Lease = lease;
        return failure;
    }

    /// <summary>Leads the connection to the client's present database and version, in front of a request.</summary>
    /// <returns>How many replies come for it.</returns>
    public int AppendPrefix(ClientSession client)
    {
        if (IsBorrowed)
        {
            return 0;
        }

        var output = Lease!.Output;
        var replies = 0;
        if (_respVersion != client.RespVersion)
        {
            _respVersion = client.RespVersion;
            Append(output, "HELLO"u8, _respVersion);
            replies++;
        }

        if (_database != client.Database)
        {
            _database = client.Database;
            Append(output, "SELECT"u8, _database);
            replies++;
        }

        _isChanged |= replies > 0;
        return replies;
    }

    /// <summary>The server watches nothing any more: the connection is kept for the next, if it is as it was.</summary>
    public void GiveBack()
    {
        var lease = Lease;
        Lease = null;
        if (IsBorrowed)
        {
            return;
        }

        if (_isChanged)
        {
            lease?.Close();
        }
        else
        {
            lease?.GiveBack();
        }
    }

    /// <summary>Nobody is interested any more: the server is told, and then the connection given back.</summary>
    public void Release()
    {
        if (Lease is not null)
        {
            Link.Output.Append(UnwatchRequest.Bytes);
            Link.Enqueue(new UnwatchRequest(this), UnwatchRequest.Bytes.Length);
        }
    }

    /// <summary>The client is gone: the connection is closed at once.</summary>
    public void Close()
    {
        var lease = Lease;
        Lease = null;
        if (!IsBorrowed)
        {
            lease?.Close();
        }
    }

    /// <inheritdoc/>
    public void OnPush(LeasedConnection lease, ReadOnlySpan<byte> frame)
    {
    }

    /// <inheritdoc/>
    public void OnLost(LeasedConnection lease, BackendFailure failure)
    {
        if (ReferenceEquals(lease, Lease))
        {
            Lease = null;
        }
    }

    /// <inheritdoc/>
    public void OnRetired(LeasedConnection lease)
    {
        _isRetired = true;
        if (lease.Count == 0)
        {
            Close();
        }
    }

    /// <summary>A request on it is done: if its server left the pool meanwhile, it is closed.</summary>
    public void CloseIfRetired()
    {
        if (_isRetired)
        {
            Close();
        }
    }

    private static void Append(OutBuffer output, ReadOnlySpan<byte> command, int argument)
    {
        RespWriter.ArrayHeader(output, 2);
        RespWriter.Bulk(output, command);
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes(argument.ToString(CultureInfo.InvariantCulture)));
    }
}
