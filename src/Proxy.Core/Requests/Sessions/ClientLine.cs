using System.Globalization;
using System.Text;
using Proxy.Core.Requests.Tracking;

namespace Proxy.Core.Requests.Sessions;

/// <summary>A client as CLIENT LIST and CLIENT INFO show it.</summary>
internal static class ClientLine
{
    /// <summary>How large the blocks are in which Redis counts what waits for a client beyond the first.</summary>
    private const int ReplyBlock = 16 * 1024;

    /// <summary>The line with its end. On the client's worker.</summary>
    /// <param name="client">Who is shown.</param>
    /// <param name="request">Bytes of the request of it that is being handled: the one that asks for the line.</param>
    /// <remarks>The fields and their order are Redis 7's; what has no meaning in a proxy is given as a fresh connection has it.</remarks>
    public static string Of(ClientSession client, int request = 0)
    {
        var now = Environment.TickCount64;
        var identity = client.Identity;
        var subscriptions = client.Subscriptions;
        var input = request + client.InputBytes;
        var output = client.Output.Length + client.EarlyBytes;
        var queued = client.Transaction?.Length ?? 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"id={client.Id} addr={client.RemoteAddress} laddr={client.LocalAddress} fd=-1 name={Encoding.ASCII.GetString(identity.Name)} "
            + $"age={(now - client.ConnectedMs) / 1000} idle={(now - client.LastRequestMs) / 1000} flags={Flags(client)} db={client.Database} "
            + $"sub={subscriptions?.Channels ?? 0} psub={subscriptions?.Patterns ?? 0} ssub={subscriptions?.ShardChannels ?? 0} "
            + $"multi={client.Transaction?.Commands.Count ?? -1} "
            + $"qbuf={input} qbuf-free={client.InputRoom} argv-mem=0 multi-mem={queued} rbs=0 rbp=0 obl=0 oll={(output + ReplyBlock - 1) / ReplyBlock} omem={output} "
            + $"tot-mem={input + client.InputRoom + output + queued} events=r cmd={identity.LastCommand} user={client.Login.UserName} redir={client.Tracking?.Options.Redirect ?? -1} resp={client.RespVersion} "
            + $"lib-name={Encoding.ASCII.GetString(identity.LibraryName)} lib-ver={Encoding.ASCII.GetString(identity.LibraryVersion)}\n");
    }

    // Redis's letters in Redis's order.
    private static string Flags(ClientSession client)
    {
        var flags = (client.Monitor is null ? "" : "O") + (client.Subscriptions is { IsEmpty: false } ? "P" : "") + (client.Transaction is null ? "" : "x")
            + (client.Blocked is null ? "" : "b") + TrackingFlags(client.Tracking) + (client.Identity.IsNotEvicted ? "e" : "");
        return flags.Length == 0 ? "N" : flags;
    }

    private static string TrackingFlags(TrackingState? tracking) => tracking is null
        ? ""
        : "t" + (tracking.IsRedirectBroken ? "R" : "") + (tracking.Options.IsBroadcast ? "B" : "");
}
