using Proxy.Core.Backends;

namespace Proxy.Core.Requests.Transactions;

/// <summary>
/// Asks on a connection whether the server takes transactions, by an empty one: <c>MULTI EXEC DISCARD</c>. A server that refuses MULTI alone
/// (renamed, or not allowed to our user) would run the commands behind it one by one.
/// </summary>
internal sealed class ExecProbe : InFlight
{
    private readonly ClientSession _client;
    private readonly BackendConnection _connection;
    private byte[]? _refusal;
    private bool _isOpen;
    private int _replies;
    private bool _released;

    /// <param name="client">Whose EXEC waits for it; held until it is known.</param>
    /// <param name="connection">Where it goes.</param>
    public ExecProbe(ClientSession client, BackendConnection connection)
    {
        _client = client;
        _connection = connection;
        RepliesAwaited = 3;
        client.Hold();
    }

    /// <summary>What is sent.</summary>
    public static ReadOnlySpan<byte> Bytes => "*1\r\n$5\r\nMULTI\r\n*1\r\n$4\r\nEXEC\r\n*1\r\n$7\r\nDISCARD\r\n"u8;

    private static ReadOnlySpan<byte> Aborted => "-EXECABORT Transaction discarded because of: "u8;

    /// <inheritdoc/>
    public override void OnInterimReply(ReadOnlySpan<byte> reply, byte kind)
    {
        _replies++;
        if (kind == (byte)'-')
        {
            // Inside a transaction it says why it ends; EXEC will say that once more.
            var reason = reply.StartsWith(Aborted) ? reply[Aborted.Length..] : reply[1..];
            _refusal ??= reason.TrimEnd("\r\n"u8).ToArray();
        }

        // A server that refuses EXEC may have ended the transaction with it, or not.
        _isOpen = _replies == 1 ? kind != (byte)'-' : kind == (byte)'-' && _isOpen && !reply.StartsWith("-EXECABORT"u8);
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        if (!last)
        {
            return;
        }

        if (_isOpen && kind == (byte)'-')
        {
            // Nothing ends the transaction there: what others sent on this connection would be queued for ever.
            _connection.Abort();
        }

        _connection.AllowsTransactions = _refusal is null;
        if (_client.Transaction is { } transaction)
        {
            transaction.Refusal = _refusal;
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        if (_client.Transaction is { } transaction)
        {
            transaction.Failure = failure;
        }

        Release();
    }

    /// <inheritdoc/>
    public override void Recycle() => Release();

    private void Release()
    {
        if (!_released)
        {
            _released = true;
            _client.Release();
        }
    }
}
