using System.Buffers;
using System.Buffers.Text;
using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;

namespace Proxy.Core.Requests.Blocking;

/// <summary>A WAIT or WAITAOF at one server. Used on the worker's loop only.</summary>
internal sealed class WaitPart : InFlight, ILeaseHolder
{
    /// <summary>Bytes of a reply that are kept: it is some numbers, or an error line.</summary>
    private const int ReplyLimit = 16 * 1024;

    private readonly WaitRequest _whole;
    private readonly ArrayBufferWriter<byte> _reply = new();
    private PoolConnections? _pool;
    private BackendConnection? _connection;
    private LeasedConnection? _lease;
    private int _losses;
    private bool _isUnknown;
    private bool _isUnwanted;

    /// <param name="whole">What it is a part of.</param>
    public WaitPart(WaitRequest whole)
    {
        _whole = whole;
    }

    /// <summary>
    /// What a lease sends first where others carried the writes. A message to nobody: it changes no data and is replicated, so that the server's
    /// stream of changes, and with it this connection's place in it, is beyond all that was answered before. Redis 7.2 and later count only
    /// what is replicated; those before count any command, and those before 7.0 do not know SPUBLISH, so that PING does it there.
    /// </summary>
    private static ReadOnlySpan<byte> Nudge => "*3\r\n$8\r\nSPUBLISH\r\n$18\r\n__redis-proxy:wait\r\n$0\r\n\r\n*1\r\n$4\r\nPING\r\n"u8;

    /// <summary>Why there is no reply; null if there is one.</summary>
    public BackendFailure? Failure { get; private set; }

    /// <summary>Why the server cannot be asked about writes of other connections: its error; null if it can.</summary>
    public byte[]? Refusal { get; private set; }

    /// <summary>The server's reply, as far as it has come.</summary>
    public ReadOnlySpan<byte> Reply => _reply.WrittenSpan;

    /// <summary>The reply is an error.</summary>
    public bool IsError => Reply is [(byte)'-', ..];

    /// <summary>The server's name.</summary>
    public string ServerName { get; private set; } = "";

    /// <inheritdoc/>
    public override bool IsUnwanted => _isUnwanted;

    /// <summary>Asks over a connection that others share, and takes it out of their set. A place among the leases was taken for it.</summary>
    public void SendCarried(PoolConnections pool, BackendConnection connection, ReadOnlySpan<byte> bytes, long timeoutMs)
    {
        _pool = pool;
        _connection = connection;
        _losses = connection.Losses;
        ServerName = connection.Server.Name;
        connection.Output.Append(bytes);
        connection.EnqueueLast(this, bytes.Length, timeoutMs);
    }

    /// <summary>Asks over a lease.</summary>
    /// <returns>Null, or why there is none.</returns>
    public BackendFailure? SendLeased(LeasePool leases, ReadOnlySpan<byte> bytes, long timeoutMs, bool isNudged)
    {
        if (leases.Take(this, out var lease) is { } failure)
        {
            return failure;
        }

        _lease = lease!;
        ServerName = lease!.Server.Name;
        if (isNudged)
        {
            RepliesAwaited = 3;
            lease.Output.Append(Nudge);
        }

        lease.Output.Append(bytes);
        lease.EnqueueBlocking(this, bytes.Length + (isNudged ? Nudge.Length : 0), timeoutMs);
        return null;
    }

    /// <summary>The numbers of the reply, one or as an array; none if they are not so many, or not there yet.</summary>
    public ReadOnlySpan<long> Numbers(int count)
    {
        var rest = Reply;
        var numbers = new long[count];
        var header = count == 1 ? ""u8 : "*2\r\n"u8;
        if (!rest.StartsWith(header))
        {
            return [];
        }

        rest = rest[header.Length..];
        for (var i = 0; i < count; i++)
        {
            if (rest is not [(byte)':', ..]
                || !Utf8Parser.TryParse(rest[1..], out numbers[i], out var used)
                || !rest[(used + 1)..].StartsWith("\r\n"u8))
            {
                return [];
            }

            rest = rest[(used + 3)..];
        }

        return numbers;
    }

    /// <summary>Nobody wants its reply any more.</summary>
    public void LetGo()
    {
        _isUnwanted = true;
        _lease?.Close();
        _connection?.CloseIfUnwanted();
    }

    /// <inheritdoc/>
    public override void OnInterimReply(ReadOnlySpan<byte> reply, byte kind)
    {
        if (kind != (byte)'-')
        {
            return;
        }

        if (!_isUnknown && reply.StartsWith("-ERR unknown command"u8))
        {
            _isUnknown = true;
            return;
        }

        // Its answer would not be about the client's writes.
        Refusal ??= reply.ToArray();
        _lease!.Close();
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        if (_reply.WrittenCount + bytes.Length <= ReplyLimit)
        {
            _reply.Write(bytes);
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure) => Failure = failure;

    /// <inheritdoc/>
    public override void Recycle()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            _pool!.Pool.ReleaseLease();
            if (connection.Losses != _losses)
            {
                // What answered knows nothing of the client's writes.
                Failure ??= new BackendFailure(FailureKind.Lost, connection.Server);
            }
        }

        var lease = _lease;
        _lease = null;
        lease?.GiveBack();
        _whole.PartDone(this);
    }

    /// <inheritdoc/>
    public void OnPush(LeasedConnection lease, ReadOnlySpan<byte> frame)
    {
    }

    /// <inheritdoc/>
    public void OnLost(LeasedConnection lease, BackendFailure failure)
    {
    }

    /// <inheritdoc/>
    public void OnRetired(LeasedConnection lease) => _whole.EndWait();
}
