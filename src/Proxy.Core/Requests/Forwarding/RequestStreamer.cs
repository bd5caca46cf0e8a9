using Proxy.Core.Backends;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Forwarding;

/// <summary>
/// Lets a request with a large payload go out while it still arrives, where what has come of it decides where to: a command with one key,
/// which stands before the payload. Every other request is gathered first. One per worker.
/// </summary>
/// <remarks>
/// Everything that may be wrong with the rest concerns the connection it goes over, which is its own: that is closed, and the server drops
/// what it has of the request.
/// </remarks>
internal sealed class RequestStreamer
{
    private readonly PendingRequests _pending;

    /// <param name="pending">The worker's.</param>
    public RequestStreamer(PendingRequests pending)
    {
        _pending = pending;
    }

    /// <summary>Looks whether a request may go out before it is whole, and if so begins it.</summary>
    /// <param name="client">Who sends it.</param>
    /// <param name="beginning">The arguments before the payload; valid during the call only.</param>
    /// <param name="arguments">How many the whole request has.</param>
    /// <param name="request">With <see cref="StreamStart.Begun"/> the request, to which everything is appended from its first byte on.</param>
    public StreamStart TryBegin(ClientSession client, in RequestFrame beginning, int arguments, out StreamedRequest? request)
    {
        request = null;
        var pool = client.Pool;
        var snapshot = pool.Snapshot;
        if (!HasOneKey(pool.Pool, beginning, arguments, out var command) || !RequestRouter.MayForward(client, snapshot, command!))
        {
            return StreamStart.Never;
        }

        var shard = snapshot.Partitioner.Route(beginning[command!.OnlyKey]);
        if (shard < 0)
        {
            return StreamStart.Never;
        }

        if (client.Replies.Count > 0)
        {
            // It goes another way than those before it, and must not overtake them.
            return StreamStart.Later;
        }

        // A server that is known to be down costs no further attempt.
        var lane = client.LaneIn(pool);
        var shared = lane.For(shard, client.Id);
        var failure = shared.State == ConnectionState.Down ? shared.Accept() : null;
        var home = lane.Dedicated(shard);
        var connection = failure is null ? home.TryTake() : null;
        if (failure is null && connection is null)
        {
            return StreamStart.Never;
        }

        var pending = _pending.Begin(client, command);
        failure ??= connection!.Accept();
        if (failure is null)
        {
            client.NoteOtherWrite(connection!.ServerBit);
            request = new StreamedRequest(client, pending, home, connection);
        }
        else
        {
            request = StreamedRequest.Over;
            if (connection is not null)
            {
                home.GiveBack(connection);
            }

            pending.Fail(failure);
        }

        return StreamStart.Begun;
    }

    private static bool HasOneKey(ServerPool pool, in RequestFrame beginning, int arguments, out CommandInfo? command)
    {
        command = CommandTable.Find(beginning[0]) ?? pool.Learnt.Find(beginning[0]);
        return command is { Handling: CommandHandling.Forward, HasSubcommands: false, BlocksOnOption: false, OnlyKey: > 0 }
            && command.OnlyKey < beginning.Count
            && command.AcceptsArity(arguments);
    }
}
