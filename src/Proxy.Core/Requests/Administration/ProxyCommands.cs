using System.Buffers;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Partitioning;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Administration;

/// <summary>PROXY ROUTE, PROXY SERVERS and PROXY HELP: what only a proxy knows.</summary>
internal static class ProxyCommands
{
    /// <summary>Keys that one PROXY ROUTE may have: it is answered in one go.</summary>
    public const int MaxKeys = 1000;

    /// <summary>Writes the reply.</summary>
    public static void Answer(ClientSession client, OutBuffer output, LocalCommand command, in RequestFrame frame)
    {
        switch (command)
        {
            case LocalCommand.ProxyRoute when frame.Count - 2 > MaxKeys:
                client.Counters.RequestFailed(RequestErrorReason.Invalid);
                output.Write(Replies.TooManyKeysToRoute);
                break;
            case LocalCommand.ProxyRoute:
                WriteRoutes(client, output, frame);
                break;
            case LocalCommand.ProxyServers:
                WriteServers(client, output);
                break;
            default:
                output.Write(Replies.ProxyHelp);
                break;
        }
    }

    private static void WriteRoutes(ClientSession client, OutBuffer output, in RequestFrame frame)
    {
        var snapshot = client.Pool.Snapshot;
        RespWriter.ArrayHeader(output, frame.Count - 2);
        for (var i = 2; i < frame.Count && client.MayGrow(output); i++)
        {
            WriteRoute(snapshot, frame[i], output, client.RespVersion);
        }
    }

    // %5 key, server, address, state, and what led there: hash, or slot.
    private static void WriteRoute(PoolSnapshot snapshot, ReadOnlySpan<byte> key, IBufferWriter<byte> output, int version)
    {
        var options = snapshot.Model.Partitioning;
        var isSlot = options.Distribution == Distribution.Slots;
        var isHash = options.Distribution is Distribution.Ketama or Distribution.Modula;
        RespWriter.MapHeader(output, isSlot || isHash ? 5 : 4, version);
        RespWriter.Bulk(output, "key"u8);
        RespWriter.Bulk(output, key);

        // Under `random` it is another one each time, unless there is only one.
        var shard = options.Distribution == Distribution.Random && snapshot.Shards.Length > 1 ? -1 : snapshot.Partitioner.Route(key);
        var server = shard < 0 ? null : snapshot.Shards[shard].Primary;
        RespWriter.Bulk(output, "server"u8);
        WriteText(output, server?.Name, version);
        RespWriter.Bulk(output, "address"u8);
        WriteText(output, server?.Model.Address.Text, version);
        RespWriter.Bulk(output, "state"u8);
        WriteText(output, server is null ? null : StateOf(server), version);
        if (isSlot)
        {
            RespWriter.Bulk(output, "slot"u8);
            RespWriter.Integer(output, KeySlot.Of(key, options.HashTag ?? HashTag.Braces));
        }
        else if (isHash)
        {
            RespWriter.Bulk(output, "hash"u8);
            RespWriter.Integer(output, HashFunctions.Compute(options.Hash, options.HashTag is { } tag ? tag.Part(key) : key));
        }
    }

    private static void WriteServers(ClientSession client, OutBuffer output)
    {
        var version = client.RespVersion;
        var shards = client.Pool.Snapshot.Shards;
        RespWriter.ArrayHeader(output, shards.Length);
        foreach (var shard in shards)
        {
            WriteServer(shard.Primary, output, version);
        }
    }

    private static void WriteServer(Server server, IBufferWriter<byte> output, int version)
    {
        var counters = server.Counters;
        (string Name, long Value)[] figures =
        [
            ("weight", server.Model.Weight),
            ("connections", counters.Sum(one => one.Connections)),
            ("leases", counters.Sum(one => one.Leases)),
            ("in_flight", counters.Sum(one => one.InQueue + one.OutQueue)),
            ("requests", counters.Sum(one => one.Requests)),
            ("replies", counters.Sum(one => one.Responses)),
            ("error_replies", counters.Sum(one => one.ErrorReplies.Sum())),
            ("timeouts", counters.Sum(one => one.Timeouts)),
            ("connect_failures", counters.Sum(one => one.ConnectFailures.Sum())),
            ("ejections", server.Health.Ejections),
        ];
        RespWriter.MapHeader(output, 4 + figures.Length, version);
        RespWriter.Bulk(output, "name"u8);
        RespWriter.Bulk(output, server.Name);
        RespWriter.Bulk(output, "address"u8);
        RespWriter.Bulk(output, server.Model.Address.Text);
        RespWriter.Bulk(output, "state"u8);
        RespWriter.Bulk(output, StateOf(server));
        RespWriter.Bulk(output, "redis_version"u8);
        WriteText(output, server.Facts?.Version, version);
        foreach (var (name, value) in figures)
        {
            RespWriter.Bulk(output, name);
            RespWriter.Integer(output, value);
        }
    }

    private static string StateOf(Server server) => server.Health.State.ToString().ToLowerInvariant();

    private static void WriteText(IBufferWriter<byte> output, string? text, int version)
    {
        if (text is null)
        {
            RespWriter.Null(output, version);
        }
        else
        {
            RespWriter.Bulk(output, text);
        }
    }
}
