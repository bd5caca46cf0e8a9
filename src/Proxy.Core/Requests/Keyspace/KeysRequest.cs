using System.Buffers;
using Proxy.Core.Backends;
using Proxy.Resp;

namespace Proxy.Core.Requests.Keyspace;

/// <summary>
/// A KEYS at several servers. Its array begins with the number of all keys, so every server has to have begun to answer before the first
/// key is passed on; then one server after the other passes its keys at the client's pace, while those behind it wait and are not read.
/// <code>
///   server 1   *2 │ $1 a $1 b ──────▶┐
///   server 2   *1 │ $1 c             ├─▶  *5 $1 a $1 b │ $1 c │ $1 d $1 e
///   server 3   *2 │ $1 d $1 e        ┘
///              Step 1: headers         Step 2: turn by turn
/// </code>
/// Of no server more is kept than what was read at once. Its client takes no other request before it is over. Used on the worker's loop only.
/// </summary>
internal sealed class KeysRequest : IResumable
{
    private readonly ClientSession _client;
    private readonly PendingRequest _pending;
    private readonly List<KeysPart> _parts = [];
    private int _headersAwaited;
    private long _keys;

    // Whose keys are passed; -1 before all headers are there.
    private int _turn = -1;
    private bool _isWaitingForRoom;

    /// <param name="client">Who asks; held until it is over.</param>
    /// <param name="pending">Its place in the client's order of replies; nothing is before it.</param>
    public KeysRequest(ClientSession client, PendingRequest pending)
    {
        _client = client;
        _pending = pending;
        client.Hold();
    }

    /// <summary>True once nothing more is passed on.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Adds a server; all are added before <see cref="Send"/>.</summary>
    /// <param name="home">Where the connection is given back.</param>
    /// <param name="connection">The way to it, which accepts it.</param>
    public void Add(DedicatedConnections home, BackendConnection connection)
    {
        _parts.Add(new KeysPart(this, home, connection, _client.Worker.Blocks));
        _headersAwaited++;
    }

    /// <summary>Asks every server.</summary>
    /// <param name="bytes">The request; valid during the call only.</param>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        foreach (var part in _parts)
        {
            part.Send(bytes);
        }
    }

    /// <summary>Whether it is that server's turn.</summary>
    public bool IsTurnOf(KeysPart part) => _turn >= 0 && ReferenceEquals(_parts[_turn], part);

    /// <summary>Whether that server may pass on what it brings.</summary>
    public bool TakesFrom(KeysPart part) => IsOver || (IsTurnOf(part) && _pending.HasRoom);

    /// <summary>Step 1: a server begins to answer.</summary>
    public void OnHeader(int keys)
    {
        _keys += keys;
        if (--_headersAwaited == 0)
        {
            // From here on it cannot be taken back: if a server fails, the client is closed.
            _turn = 0;
            var header = new ArrayBufferWriter<byte>();
            RespWriter.ArrayHeader(header, _keys);
            _pending.Append(header.WrittenSpan);
            Resume();
        }
    }

    /// <summary>Step 2: the server whose turn it is has more.</summary>
    /// <param name="bytes">Valid during the call only.</param>
    public void Pass(ReadOnlySpan<byte> bytes) => _pending.Append(bytes);

    /// <summary>The server whose turn it is has passed everything.</summary>
    public void TurnDone()
    {
        _turn++;
        Resume();
    }

    /// <summary>Goes on when there is room.</summary>
    public void WaitForRoom()
    {
        if (_pending.Client is { } client && !_isWaitingForRoom)
        {
            _isWaitingForRoom = true;
            client.ResumeWhenRoom(this, _pending);
        }
    }

    /// <inheritdoc/>
    public void Resume()
    {
        _isWaitingForRoom = false;
        while (!IsOver && _turn < _parts.Count)
        {
            if (_pending.Client is null)
            {
                End();
                return;
            }

            if (!_pending.HasRoom)
            {
                WaitForRoom();
                return;
            }

            var part = _parts[_turn];
            if (!part.PassKept(_pending))
            {
                WaitForRoom();
                return;
            }

            if (!part.IsWhole)
            {
                part.Resume();
                return;
            }

            _turn++;
        }

        if (!IsOver)
        {
            End();
        }
    }

    /// <summary>A server says why not: that is the reply. It comes before all headers are there.</summary>
    public void Refuse(ReadOnlySpan<byte> error)
    {
        _pending.Append(error);
        End();
    }

    /// <summary>A server will not answer, or not to its end.</summary>
    public void Fail(BackendFailure failure)
    {
        LetGo();
        _pending.Fail(failure);
        _client.Release();
    }

    private void End()
    {
        LetGo();
        _pending.Finish();
        _client.Release();
    }

    private void LetGo()
    {
        IsOver = true;
        foreach (var part in _parts)
        {
            part.LetGo();
        }
    }
}
