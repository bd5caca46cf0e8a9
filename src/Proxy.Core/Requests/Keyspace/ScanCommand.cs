using System.Buffers.Text;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Forwarding;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Keyspace;

/// <summary>
/// SCAN over several servers: one after the other in the file's order, each as long as its own cursor says. What holds of one server's SCAN
/// holds of all: a key that is there from the beginning to the end is returned.
/// </summary>
internal sealed class ScanCommand
{
    private readonly PendingRequests _pending;
    private readonly FreeList<ForwardedRequest> _requests = new(static home => new ScanRequest(home));

    /// <param name="pending">The worker's.</param>
    public ScanCommand(PendingRequests pending)
    {
        _pending = pending;
    }

    /// <summary>Sends. At least one server is live.</summary>
    public void Send(ClientSession client, IShardLinks links, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        if (!ScanCursor.TryParse(frame[1], snapshot.Shards.Length, out var cursor))
        {
            _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.InvalidCursor);
            return;
        }

        // What is on an ejected server is not there for anybody, nor for this.
        var shard = LiveFrom(snapshot, cursor.Shard);
        if (shard < 0)
        {
            _pending.Answer(client, command, Replies.NothingScanned);
            return;
        }

        var pending = _pending.Begin(client, command);
        if (links.Accept(shard, client.Id, out var link) is { } failure)
        {
            pending.Fail(failure);
            return;
        }

        var request = (ScanRequest)_requests.Take();
        request.Begin(pending, shard, snapshot.Shards.Length, NextOf(snapshot, shard));
        link.Enqueue(request, Append(link, frame, shard == cursor.Shard ? cursor.Position : 0));
        if (link.IsCongested)
        {
            client.WaitFor(link);
        }
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

    /// <summary>The client's cursor for the beginning of the next server; 0 if there is none.</summary>
    private static ulong NextOf(PoolSnapshot snapshot, int shard)
    {
        var next = LiveFrom(snapshot, shard + 1);
        return next < 0 ? 0 : (ulong)next;
    }

    private static int LiveFrom(PoolSnapshot snapshot, int shard)
    {
        while (shard < snapshot.Shards.Length && snapshot.Shards[shard].Primary.Health.State == ServerState.Ejected)
        {
            shard++;
        }

        return shard < snapshot.Shards.Length ? shard : -1;
    }
}
