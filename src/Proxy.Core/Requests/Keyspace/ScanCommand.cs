using System.Buffers.Text;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Forwarding;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Keyspace;

/// <summary>
/// SCAN over several servers: one after the other in the file's order, each as long as its own cursor says; few keys of one
/// come with those of the next (<see cref="ScanWalk"/>). What holds of one server's SCAN
/// holds of all: a key that is there from the beginning to the end is returned.
/// </summary>
internal sealed class ScanCommand
{
    private readonly PendingRequests _pending;
    private readonly FreeList<ForwardedRequest> _requests;

    /// <param name="pending">The worker's.</param>
    public ScanCommand(PendingRequests pending)
    {
        _pending = pending;
        _requests = new FreeList<ForwardedRequest>(home => new ScanRequest(home, this));
    }

    /// <summary>Sends. At least one server is live.</summary>
    public void Send(ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        if (!ScanCursor.TryParse(frame[1], snapshot.Shards.Length, out var cursor))
        {
            _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.InvalidCursor);
            return;
        }

        // What is on an ejected server is not there for anybody, nor for this.
        var walk = new ScanWalk(pool, snapshot, frame);
        var shard = walk.LiveFrom(cursor.Shard);
        if (shard < 0)
        {
            _pending.Answer(client, command, Replies.NothingScanned);
            return;
        }

        var pending = _pending.Begin(client, command);
        if (client.LinksIn(pool).Accept(shard, client.Id, out var link) is { } failure)
        {
            pending.Fail(failure);
            return;
        }

        var request = (ScanRequest)_requests.Take();
        request.Begin(pending, walk, shard);
        link.Enqueue(request, Append(link, frame, shard == cursor.Shard ? cursor.Position : 0));
        if (link.IsCongested)
        {
            client.WaitFor(link);
        }
    }

    /// <summary>Asks the next server.</summary>
    /// <param name="pending">The request's place.</param>
    /// <param name="walk">From which server it leads to which.</param>
    /// <param name="shard">The server that has told all its keys.</param>
    /// <param name="before">What is kept of the servers before.</param>
    /// <param name="count">How many keys that are.</param>
    /// <returns>False if that is not possible now: the client gets what there is.</returns>
    public bool TryGoOn(PendingRequest pending, ScanWalk walk, int shard, ScanRequest before, long count)
    {
        // A reload may have changed which server an index means.
        if (pending.Client is not { } client || !ReferenceEquals(walk.Pool.Snapshot, walk.Snapshot))
        {
            return false;
        }

        var next = walk.LiveFrom(shard + 1);
        if (next < 0 || client.LinksIn(walk.Pool).Accept(next, client.Id, out var link) is not null)
        {
            return false;
        }

        var request = (ScanRequest)_requests.Take();
        request.Begin(pending, walk, next);
        request.StartWith(before.Kept, count);
        link.Enqueue(request, walk.AppendNext(link));
        if (link.IsCongested)
        {
            client.WaitFor(link);
        }

        return true;
    }

    private static long Append(IServerLink link, in RequestFrame frame, ulong position)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(position, digits, out var length);
        var output = link.Output;
        var before = output.Length;
        RespWriter.ArrayHeader(output, frame.Count);
        output.Append(frame.Encoded(0));
        RespWriter.Bulk(output, digits[..length]);
        output.Append(frame.EncodedFrom(2, frame.Count - 2));
        return output.Length - before;
    }
}
