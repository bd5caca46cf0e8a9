using System.Text;
using Proxy.Core.Backends;
using Proxy.Core.Requests.Administration.Information;
using Proxy.Core.Requests.Administration.Joining;
using Proxy.Core.Requests.Forwarding;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Administration;

/// <summary>
/// The commands that ask about servers or administer them, and whose replies are joined each in its own way (<see cref="CommandHandling.Join"/>):
/// they go to every server over the connections that the client's other requests take. One per worker.
/// </summary>
internal sealed class AdministrationCommands
{
    private readonly PendingRequests _pending;
    private readonly ProxyInformation _information;
    private readonly DebugCommand _debug;

    /// <param name="pending">The worker's.</param>
    /// <param name="forwarder">Takes what is for one server.</param>
    /// <param name="information">What INFO tells of the proxy.</param>
    public AdministrationCommands(PendingRequests pending, RequestForwarder forwarder, ProxyInformation information)
    {
        _pending = pending;
        _information = information;
        _debug = new DebugCommand(pending, forwarder);
    }

    /// <summary>Takes a request.</summary>
    public void Send(ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        switch (command.Local)
        {
            case LocalCommand.Info:
                SendInfo(client, pool, snapshot, command, frame);
                break;
            case LocalCommand.Debug:
                _debug.Send(client, pool, snapshot, command, frame);
                break;
            default:
                if (_pending.MayReachServer(client, snapshot, command))
                {
                    new JoinedRequest(client, _pending.Begin(client, command), JoinerFor(command.Local, frame), snapshot.Model.ClientOutputLimit)
                        .SendToAll(client.LinksIn(pool), snapshot, frame);
                }

                break;
        }
    }

    private static ReplyJoiner JoinerFor(LocalCommand command, in RequestFrame frame) => command switch
    {
        LocalCommand.ConfigGet => ConfigGetJoiner.Instance,
        LocalCommand.SlowLogGet => new SlowLogJoiner(CountOf(frame, SlowLogJoiner.DefaultCount)),
        LocalCommand.SlowLogLen => IntegerJoiner.Sum,
        LocalCommand.AclLog when frame.Count > 2 && Ascii.EqualsIgnoreCase(frame[2], "RESET"u8) => FirstJoiner.Instance,
        LocalCommand.AclLog => new AclLogJoiner(CountOf(frame, AclLogJoiner.DefaultCount)),
        LocalCommand.AclDelUser => IntegerJoiner.GreatestOfAll,
        LocalCommand.LatencyLatest => LatencyLatestJoiner.Instance,
        LocalCommand.LatencyHistory => LatencyHistoryJoiner.Instance,
        LocalCommand.LatencyHistogram => LatencyHistogramJoiner.Instance,
        LocalCommand.LatencyReset => IntegerJoiner.SumOfAll,
        LocalCommand.MemoryStats => MemoryStatsJoiner.Instance,
        LocalCommand.LastSave => IntegerJoiner.Least,

        // LATENCY DOCTOR and GRAPH, MEMORY DOCTOR and MALLOC-STATS.
        _ => TextJoiner.Instance,
    };

    /// <summary>How many entries it asks for. If that is no number, servers say so.</summary>
    private static long CountOf(in RequestFrame frame, int otherwise) =>
        frame.Count > 2 && RedisInteger.TryParse(frame[2], out var count) ? count : otherwise;

    private void SendInfo(ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        var question = InfoQuestion.Of(frame);
        var pending = _pending.Begin(client, command);
        if (question.IsAboutProxyOnly || !snapshot.AnyLive || client.Worker.Memory.IsExhausted)
        {
            _information.Write(client, pending.Writer, question);
            pending.FinishWritten();
            return;
        }

        var request = new JoinedRequest(client, pending, _information.JoinerFor(client, question), snapshot.Model.ClientOutputLimit)
        {
            Otherwise = (asking, output) => _information.Write(asking, output, question),
        };
        request.SendToAll(client.LinksIn(pool), snapshot, frame);
    }
}
