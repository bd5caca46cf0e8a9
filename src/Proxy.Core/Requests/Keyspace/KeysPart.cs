using Proxy.Core.Backends;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Keyspace;

/// <summary>A KEYS at one of several servers, over a connection of its own. Used on the worker's loop only.</summary>
internal sealed class KeysPart : InFlight
{
    private readonly KeysRequest _whole;
    private readonly DedicatedConnections _home;
    private readonly BlockPool _blocks;

    // What came before its turn, or before there was room: what was read until the connection stopped.
    private readonly OutBuffer _kept;
    private BackendConnection? _connection;
    private bool _hasHeader;

    /// <param name="whole">What it is a part of.</param>
    /// <param name="home">Where <paramref name="connection"/> is given back.</param>
    /// <param name="connection">Its way to the server, which accepts it.</param>
    /// <param name="blocks">The worker's.</param>
    public KeysPart(KeysRequest whole, DedicatedConnections home, BackendConnection connection, BlockPool blocks)
    {
        _whole = whole;
        _home = home;
        _connection = connection;
        _blocks = blocks;
        _kept = new OutBuffer(blocks);
    }

    /// <summary>The server's reply is all there, although perhaps not passed on.</summary>
    public bool IsWhole { get; private set; }

    /// <inheritdoc/>
    public override bool IsCongested => _hasHeader && (!_whole.TakesFrom(this) || !_kept.IsEmpty);

    /// <summary>Asks the server.</summary>
    /// <param name="bytes">The request; valid during the call only.</param>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        _connection!.Output.Append(bytes);
        _connection.Enqueue(this, bytes.Length);
    }

    /// <summary>Passes on what was kept, as long as there is room.</summary>
    /// <returns>False if something is left.</returns>
    public bool PassKept(PendingRequest pending)
    {
        while (pending.HasRoom && _kept.TakeFirst() is { } block)
        {
            using (_blocks.References.Read(block))
            {
                pending.Append(block.Span);
            }

            block.Release();
        }

        return _kept.IsEmpty;
    }

    /// <summary>It is its turn: the server is read on.</summary>
    public void Resume() => _connection?.Resume();

    /// <summary>Nobody wants what is still to come.</summary>
    public void LetGo()
    {
        _kept.Clear();
        if (!IsWhole)
        {
            _connection?.Abort();
        }
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        IsWhole |= last;
        if (_whole.IsOver)
        {
            return;
        }

        if (!_hasHeader)
        {
            TakeBeginning(bytes, kind, last);
        }
        else if (_kept.IsEmpty && _whole.IsTurnOf(this))
        {
            _whole.Pass(bytes);
            if (last)
            {
                _whole.TurnDone();
            }
        }
        else
        {
            _kept.Append(bytes);
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        if (!_whole.IsOver)
        {
            _whole.Fail(failure);
        }
    }

    /// <summary>What there is no room for stops at its server. The others wait for their turn.</summary>
    /// <inheritdoc/>
    public override void WhenDrained(IServerLink connection)
    {
        if (_whole.IsTurnOf(this))
        {
            _whole.WaitForRoom();
        }
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        var connection = _connection!;
        _connection = null;
        _home.GiveBack(connection);
    }

    private void TakeBeginning(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        _kept.Append(bytes);
        if (kind == '-')
        {
            if (last)
            {
                var error = new byte[_kept.Length];
                _whole.Refuse(_kept.CopyFirst(error));
            }

            return;
        }

        // *2\r\n: it may have come in pieces.
        Span<byte> beginning = stackalloc byte[ReplyReader.MaxHeaderLength];
        var header = _kept.CopyFirst(beginning);
        var end = header.IndexOf("\r\n"u8);
        if (end < 0 && !last)
        {
            return;
        }

        if (end < 0 || !new ReplyReader(header[..(end + 2)]).TryReadArrayHeader(out var count) || count < 0)
        {
            _whole.Refuse(Replies.UnexpectedFragmentReply);
            return;
        }

        _hasHeader = true;
        _kept.DropFirst(end + 2);
        _whole.OnHeader(count);
    }
}
