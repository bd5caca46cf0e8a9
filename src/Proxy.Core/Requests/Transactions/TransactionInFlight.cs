using Proxy.Core.Backends;

namespace Proxy.Core.Requests.Transactions;

/// <summary>
/// <c>MULTI</c>, the queued commands and <c>EXEC</c> at a server, as one piece. The replies before the last are <c>+OK</c> and <c>+QUEUED</c>;
/// if one is an error, that is why EXEC runs nothing.
/// </summary>
internal abstract class TransactionInFlight : PendingInFlight
{
    private WatchState? _watch;

    /// <summary>What is known of the socket that it goes over, if it runs scripts by their digests; else null.</summary>
    public LoadedScripts? Scripts { get; set; }

    /// <summary>The first error before EXEC, without <c>-</c> and end of line; null if there is none.</summary>
    protected byte[]? Refusal { get; private set; }

    /// <inheritdoc/>
    public override void OnInterimReply(ReadOnlySpan<byte> reply, byte kind)
    {
        if (kind == (byte)'-')
        {
            Refusal ??= reply[1..].TrimEnd("\r\n"u8).ToArray();
        }
    }

    /// <summary>Looks at a part of EXEC's reply.</summary>
    protected void NoteReply(ReadOnlySpan<byte> bytes)
    {
        // Nobody says which: if it is only a text that a key has, all are loaded once more, and that is all.
        if (Scripts is { } scripts && bytes.IndexOf("-NOSCRIPT "u8) >= 0)
        {
            scripts.Clear();
        }
    }

    /// <summary>It goes over the connection of a watch, which ends with it; its client takes nothing else until then.</summary>
    public void Over(WatchState watch, int prefix)
    {
        _watch = watch;
        RepliesAwaited += prefix;
        HoldClient();
    }

    /// <summary>Forgets everything, for the next use.</summary>
    protected void ResetTransaction()
    {
        var watch = _watch;
        _watch = null;
        Pending = null;
        Refusal = null;
        Scripts = null;
        ResetPlace();
        watch?.GiveBack();
    }
}
