using System.Buffers;
using DotNetty.Common.Concurrency;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Administration.Joining;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration;

/// <summary>
/// A request that goes to several servers as it stands and whose replies are joined. Rare ones only: it is made anew for each. Used on the
/// worker's loop only.
/// <code>
///   Send ─▶ JoinedPart ─ server ─▶ PartDone ┐
///        ─▶ JoinedPart ─ server ─▶ PartDone ┼▶ all there, or enough of them and one second over ─▶ joiner ─▶ reply
///        ─▶ JoinedPart ─ failure ─▶         ┘
/// </code>
/// </summary>
internal sealed class JoinedRequest : PartialRequest
{
    /// <summary>
    /// Milliseconds after which the reply goes without servers that have not answered, where it may: one that hangs must not make all of them
    /// look as if they did.
    /// </summary>
    private const int PatienceMs = 1000;

    /// <summary>
    /// Bytes of replies up to which they are joined on the loop: an INFO of one server. That of four, 20 KB, took 0.5 to 1 ms in a build without
    /// optimization.
    /// </summary>
    private const int JoinedHere = 8 * 1024;

    /// <summary>Bytes of replies, whatever the limit of the client: taken apart they need several times as much.</summary>
    private const long MaxGathered = 64L << 20;

    private readonly ClientSession _client;
    private readonly ReplyJoiner _joiner;
    private readonly List<JoinedPart> _parts = [];
    private IScheduledTask? _patience;
    private int _outstanding = 1;
    private bool _isImpatient;

    /// <param name="client">Whose it is.</param>
    /// <param name="pending">Its place in the client's order of replies.</param>
    /// <param name="joiner">Makes one reply of those of the servers.</param>
    /// <param name="limit">Bytes of replies that may be gathered.</param>
    public JoinedRequest(ClientSession client, PendingRequest pending, ReplyJoiner joiner, long limit)
    {
        _client = client;
        _joiner = joiner;
        Open(pending, Math.Min(limit, MaxGathered));
    }

    private bool HasGood => _parts.Exists(part => part.IsAnswered && !part.IsError);

    /// <summary>What it answers where no server does, instead of why; null if that is the answer. An error that tells something is one.</summary>
    public Action<ClientSession, OutBuffer>? Otherwise { get; init; }

    /// <summary>Sends it to every server that is not ejected.</summary>
    public void SendToAll(IShardLinks links, PoolSnapshot snapshot, in RequestFrame frame)
    {
        for (var shard = 0; shard < snapshot.Shards.Length; shard++)
        {
            if (snapshot.Shards[shard].Primary.Health.State != ServerState.Ejected)
            {
                _parts.Add(new JoinedPart(this, shard, snapshot.Shards[shard].Primary, _client.Worker.Blocks));
            }
        }

        _client.Counters.RequestSplit(_parts.Count);
        Send(links, frame);
    }

    /// <inheritdoc/>
    public override void PartDone()
    {
        if (IsOpen && (--_outstanding == 0 || (_isImpatient && HasGood)))
        {
            Finish();
        }
    }

    private void Send(IShardLinks links, in RequestFrame frame)
    {
        _outstanding += _parts.Count;
        foreach (var part in _parts)
        {
            Send(part, links, frame);
        }

        PartDone();
        if (IsOpen && _parts.Count > 1 && !_joiner.NeedsAll)
        {
            _patience = _client.Worker.Loop.Schedule(OnPatienceOver, TimeSpan.FromMilliseconds(PatienceMs));
        }
    }

    private void Send(JoinedPart part, IShardLinks links, in RequestFrame frame)
    {
        if (links.Accept(part.Shard, _client.Id, out var link) is { } failure)
        {
            part.OnFailure(failure);
            return;
        }

        link.Output.Append(frame.Bytes);
        link.Enqueue(part, frame.Bytes.Length);
        if (link.IsCongested)
        {
            _client.WaitFor(link);
        }
    }

    private void OnPatienceOver()
    {
        _isImpatient = true;
        if (IsOpen && HasGood)
        {
            Finish();
        }
    }

    private void Finish()
    {
        _patience?.Cancel();
        var pending = TakePending();
        if (pending.Client is { } client)
        {
            Answer(client, pending);
        }
        else
        {
            pending.Finish();
        }

        _parts.ForEach(part => part.LetGo());
    }

    private void Answer(ClientSession client, PendingRequest pending)
    {
        if (IsTooLarge)
        {
            client.Counters.RequestFailed(RequestErrorReason.TooLarge);
            Replies.ReplyTooLarge(pending.Writer, client.Model.Name);
            pending.FinishWritten();
            return;
        }

        var good = _parts.Where(part => part.IsAnswered && !part.IsError).ToList();
        if (good.Count == 0 || (_joiner.NeedsAll && good.Count < _parts.Count))
        {
            AnswerNone(client, pending);
            return;
        }

        var replies = good.ConvertAll(part => (part.Server.Name, Bytes: part.TakeReply()));
        if (Kept <= JoinedHere)
        {
            Deliver(pending, Join(_joiner, replies, client.RespVersion));
            return;
        }

        // Its client takes no request meanwhile that could change the version of RESP: such a one waits until everything is answered.
        var version = client.RespVersion;
        ReadOnlyMemory<byte>? joined = null;
        client.Worker.Computations.Start(Kept, () => joined = Join(_joiner, replies, version), () => Deliver(pending, joined));
    }

    /// <summary>No server answered, or one did not that had to.</summary>
    private void AnswerNone(ClientSession client, PendingRequest pending)
    {
        var failure = _parts.Find(part => part.Failure is not null)?.Failure;
        var telling = _parts.Find(part => part.IsError && !part.IsRefused);
        var error = telling ?? _parts.Find(part => part.IsError);
        if (Otherwise is { } otherwise && telling is null)
        {
            otherwise(client, pending.Writer);
            pending.FinishWritten();
        }
        else if (failure is not null && (error is null || _joiner.NeedsAll))
        {
            pending.Fail(failure);
        }
        else
        {
            pending.Writer.Append(error!.TakeReply());
            pending.FinishWritten();
        }
    }

    private static ReadOnlyMemory<byte>? Join(ReplyJoiner joiner, List<(string Server, byte[] Bytes)> replies, int version)
    {
        var output = new ArrayBufferWriter<byte>();
        var nodes = replies.ConvertAll(reply => new ServerReply(reply.Server, ReplyNode.Parse(reply.Bytes)));
        try
        {
            return joiner.TryJoin(nodes, output, version) ? output.WrittenMemory : (ReadOnlyMemory<byte>?)null;
        }
        catch (OverflowException)
        {
            // Numbers that no server has, added up.
            return null;
        }
    }

    /// <param name="pending">The request's place.</param>
    /// <param name="reply">Null if the servers' replies cannot be joined.</param>
    private static void Deliver(PendingRequest pending, ReadOnlyMemory<byte>? reply)
    {
        if (pending.Client is not null)
        {
            pending.Writer.Append(reply is { } bytes ? bytes.Span : Replies.UnexpectedFragmentReply);
            pending.NoteWritten(reply?.Length ?? 0);
        }

        pending.Finish();
    }
}
