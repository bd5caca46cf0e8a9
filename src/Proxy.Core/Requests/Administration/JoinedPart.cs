using Proxy.Core.Requests.Gathering;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Requests.Administration;

/// <summary>A <see cref="JoinedRequest"/> at one server. Used on the worker's loop only.</summary>
internal sealed class JoinedPart : RequestPart
{
    /// <param name="whole">What it is a part of.</param>
    /// <param name="shard">The server's shard in the pool's snapshot.</param>
    /// <param name="server">The server.</param>
    /// <param name="blocks">The worker's.</param>
    public JoinedPart(JoinedRequest whole, int shard, Server server, BlockPool blocks)
        : base(blocks)
    {
        Join(whole);
        Shard = shard;
        Server = server;
    }

    /// <summary>The server's shard.</summary>
    public int Shard { get; }

    /// <summary>Who is asked.</summary>
    public Server Server { get; }

    /// <summary>Its reply is an error.</summary>
    public bool IsError => IsAnswered && Reply.FirstSpan is [(byte)'-' or (byte)'!', ..];

    /// <summary>
    /// True if its server does not want to be asked: its user may not, or the command has another name there. Other errors tell something, as
    /// LOADING does.
    /// </summary>
    public bool IsRefused => IsError && (Begins("-NOPERM "u8) || Begins("-ERR unknown command"u8));

    /// <summary>Takes the reply in one piece; nothing is kept of it.</summary>
    public byte[] TakeReply()
    {
        var copy = CopyReply();
        Reply.Clear();
        return copy;
    }

    /// <summary>The whole is over: what still comes goes nowhere.</summary>
    public void LetGo()
    {
        Part();
        ReleaseHold();
    }

    /// <inheritdoc/>
    public override void Recycle() => ReleaseHold();

    private bool Begins(ReadOnlySpan<byte> with)
    {
        // It may lie in two blocks: the first byte of a reply may have come alone.
        Span<byte> beginning = stackalloc byte[32];
        return ((ReadOnlySpan<byte>)Reply.CopyFirst(beginning)).StartsWith(with);
    }
}
