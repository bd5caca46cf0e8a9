using System.Text;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Resp;

namespace Proxy.Core.Requests.Keyspace;

/// <summary>
/// How a SCAN goes on from one server to the next within one request: a server that has no more, and had fewer keys than COUNT, would otherwise cost
/// the client a request of its own, and clients that know their keys to be few expect all of them in one reply, as from one server.
/// </summary>
internal sealed class ScanWalk
{
    /// <summary>Servers that one request goes to at most, one after the other.</summary>
    private const int MaxServers = 16;

    /// <summary>Options that are longer are not kept for the next server. Bytes.</summary>
    private const int MaxOptions = 1024;

    /// <summary>Redis's, where a request does not say how many.</summary>
    private const int DefaultCount = 10;

    private readonly byte[]? _options;
    private readonly int _optionCount;
    private readonly long _wanted;
    private int _servers = 1;

    /// <param name="pool">The worker's connections of the client's pool.</param>
    /// <param name="snapshot">What the request is routed by.</param>
    /// <param name="frame">The request.</param>
    public ScanWalk(PoolConnections pool, PoolSnapshot snapshot, in RequestFrame frame)
    {
        Pool = pool;
        Snapshot = snapshot;
        _optionCount = frame.Count - 2;
        var options = frame.EncodedFrom(2, _optionCount);
        _options = options.Length <= MaxOptions ? options.ToArray() : null;
        _wanted = Wanted(frame);
    }

    /// <summary>The worker's connections of the client's pool.</summary>
    public PoolConnections Pool { get; }

    /// <summary>What the request is routed by; its indexes are those of <see cref="Pool"/> only while that has the same.</summary>
    public PoolSnapshot Snapshot { get; }

    /// <summary>True once it leads to another server than the one where it began.</summary>
    public bool HasGoneOn => _servers > 1;

    /// <summary>Whether the next server is to be asked too.</summary>
    /// <param name="shard">A server that has told all its keys.</param>
    /// <param name="keys">How many keys there are so far.</param>
    public bool GoesOn(int shard, long keys) =>
        keys < _wanted && _servers < MaxServers && _options is not null && LiveFrom(shard + 1) >= 0;

    /// <summary>The first server from an index on that is not ejected: what is on such a one is not there for anybody. -1 if there is none.</summary>
    public int LiveFrom(int shard)
    {
        while (shard < Snapshot.Shards.Length && Snapshot.Shards[shard].Primary.Health.State == ServerState.Ejected)
        {
            shard++;
        }

        return shard < Snapshot.Shards.Length ? shard : -1;
    }

    /// <summary>The client's cursor for what comes after a server; 0 if there is nothing.</summary>
    public ulong CursorAfter(int shard)
    {
        var next = LiveFrom(shard + 1);
        return next < 0 ? 0 : (ulong)next;
    }

    /// <summary>Appends the request for the beginning of the next server.</summary>
    /// <returns>Bytes appended.</returns>
    public long AppendNext(IServerLink link)
    {
        _servers++;
        var output = link.Output;
        var before = output.Length;
        RespWriter.ArrayHeader(output, 2 + _optionCount);
        RespWriter.Bulk(output, "SCAN"u8);
        RespWriter.BulkNumber(output, 0);
        output.Append(_options);
        return output.Length - before;
    }

    private static long Wanted(in RequestFrame frame)
    {
        // Whatever makes no sense the first server refuses.
        var wanted = (long)DefaultCount;
        for (var i = 2; i + 1 < frame.Count; i += 2)
        {
            if (Ascii.EqualsIgnoreCase(frame[i], "COUNT"u8) && RedisInteger.TryParse(frame[i + 1], out var count))
            {
                wanted = count;
            }
        }

        return wanted;
    }
}
