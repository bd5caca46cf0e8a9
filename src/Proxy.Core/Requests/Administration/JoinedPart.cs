using Proxy.Core.Backends;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Requests.Administration;

/// <summary>A <see cref="JoinedRequest"/> at one server. Used on the worker's loop only.</summary>
internal sealed class JoinedPart : ClientInFlight
{
    private readonly OutBuffer _reply;
    private JoinedRequest? _whole;

    /// <param name="whole">What it is a part of.</param>
    /// <param name="shard">The server's shard in the pool's snapshot.</param>
    /// <param name="server">The server.</param>
    /// <param name="blocks">The worker's.</param>
    public JoinedPart(JoinedRequest whole, int shard, Server server, BlockPool blocks)
    {
        _whole = whole;
        Shard = shard;
        Server = server;
        _reply = new OutBuffer(blocks);
    }

    /// <summary>The server's shard.</summary>
    public int Shard { get; }

    /// <summary>Who is asked.</summary>
    public Server Server { get; }

    /// <summary>Why there is no reply; null if there is one, or may be.</summary>
    public BackendFailure? Failure { get; private set; }

    /// <summary>It has its reply.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>Its reply is an error.</summary>
    public bool IsError => IsAnswered && _reply.FirstSpan is [(byte)'-' or (byte)'!', ..];

    /// <inheritdoc/>
    protected override ClientSession? Client => _whole?.Client;

    /// <inheritdoc/>
    public override bool IsCongested => _whole is { HasRoom: false };

    /// <summary>
    /// True if its server does not want to be asked: its user may not, or the command has another name there. Other errors tell something, as
    /// LOADING does.
    /// </summary>
    public bool IsRefused => IsError && (Begins("-NOPERM "u8) || Begins("-ERR unknown command"u8));

    /// <summary>Takes the reply in one piece; nothing is kept of it.</summary>
    public byte[] TakeReply()
    {
        var copy = new byte[_reply.Length];
        _reply.CopyFirst(copy);
        _reply.Clear();
        return copy;
    }

    /// <summary>The whole is over: what still comes goes nowhere.</summary>
    public void LetGo()
    {
        _whole = null;
        _reply.Clear();
        ReleaseHold();
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        if (_whole is not { } whole)
        {
            return;
        }

        if (whole.TakesMore(bytes.Length))
        {
            _reply.Append(bytes);
        }

        if (last)
        {
            IsAnswered = true;
            whole.PartDone();
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        Failure = failure;
        _reply.Clear();
        _whole?.PartDone();

        // The client need not wait for a reply that will be swallowed.
        ReleaseHold();
    }

    /// <inheritdoc/>
    public override void WhenDrained(IServerLink connection)
    {
        if (_whole is { } whole)
        {
            whole.ResumeWhenRoom(connection);
        }
        else
        {
            connection.Resume();
        }
    }

    /// <inheritdoc/>
    public override void Recycle() => ReleaseHold();

    private bool Begins(ReadOnlySpan<byte> with)
    {
        // It may lie in two blocks: the first byte of a reply may have come alone.
        Span<byte> beginning = stackalloc byte[32];
        return ((ReadOnlySpan<byte>)_reply.CopyFirst(beginning)).StartsWith(with);
    }
}
