using System.Buffers;
using Proxy.Core.Topology;
using Proxy.Resp;

namespace Proxy.Core.Requests.PubSub;

/// <summary>What a client is told for each name that it subscribes to or unsubscribes from: a push, which comes whatever replies the client wants.</summary>
internal static class Confirmation
{
    /// <summary><c>&gt;3 subscribe name :count</c>, in version 2 of RESP an array.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="client">Who is told; its subscriptions are counted.</param>
    /// <param name="subscribed">False if it unsubscribed.</param>
    /// <param name="kind">Of the name.</param>
    /// <param name="name">Null if there was nothing to unsubscribe from.</param>
    public static void Write(IBufferWriter<byte> output, ClientSession client, bool subscribed, ChannelKind kind, byte[]? name)
    {
        RespWriter.PushHeader(output, 3, client.RespVersion);
        RespWriter.Bulk(output, Word(subscribed, kind));
        if (name is null)
        {
            RespWriter.Null(output, client.RespVersion);
        }
        else
        {
            RespWriter.Bulk(output, name);
        }

        RespWriter.Integer(output, client.Subscriptions?.CountOf(kind) ?? 0);
    }

    /// <summary>Sends them in place of a reply. Everything before is answered.</summary>
    public static void Send(ClientSession client, PendingRequest pending, ReadOnlySpan<byte> confirmations)
    {
        client.Push(confirmations);
        pending.Mute();
        pending.Finish();
    }

    /// <summary>As Redis names the command and its confirmation.</summary>
    public static ReadOnlySpan<byte> Word(bool subscribed, ChannelKind kind) => kind switch
    {
        ChannelKind.Channel => subscribed ? "subscribe"u8 : "unsubscribe"u8,
        ChannelKind.Pattern => subscribed ? "psubscribe"u8 : "punsubscribe"u8,
        _ => subscribed ? "ssubscribe"u8 : "sunsubscribe"u8,
    };
}
