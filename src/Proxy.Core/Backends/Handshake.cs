using System.Runtime.InteropServices;
using System.Text;
using Proxy.Core.Model;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Backends;

/// <summary>
/// What is said on a new connection before traffic: AUTH, HELLO and SELECT as the lane wants them. Each is sent alone and its
/// answer awaited: a failing AUTH that is pipelined with more is not answered at all by some servers, and every later reply would shift.
/// </summary>
internal sealed class Handshake
{
    private const int MaxReply = 64 * 1024;

    private readonly Queue<Step> _steps = [];
    private readonly ReplyScanner _scanner = new();
    private readonly List<byte> _reply = [];

    /// <param name="pool">Password.</param>
    /// <param name="lane">Database and version of RESP.</param>
    /// <param name="asksClientId">Whether the server is asked what it calls the connection; it need not answer that.</param>
    public Handshake(PoolModel pool, Lane lane, bool asksClientId = false)
    {
        if (lane.User is { } user)
        {
            _steps.Enqueue(new Step("AUTH", FailureKind.AuthenticationFailed, [.. "AUTH"u8], Encoding.UTF8.GetBytes(user.Name), user.Password));
        }
        else if (pool.Password is { } password)
        {
            _steps.Enqueue(new Step("AUTH", FailureKind.AuthenticationFailed, [.. "AUTH"u8], password));
        }

        if (lane.RespVersion == 3)
        {
            _steps.Enqueue(new Step("HELLO", FailureKind.HandshakeFailed, [.. "HELLO"u8], [.. "3"u8]));
        }

        if (lane.Database != 0)
        {
            _steps.Enqueue(new Step("SELECT", FailureKind.SelectFailed, [.. "SELECT"u8], Encoding.ASCII.GetBytes($"{lane.Database}")));
        }

        if (asksClientId)
        {
            _steps.Enqueue(new Step("CLIENT ID", null, [.. "CLIENT"u8], [.. "ID"u8]));
        }
    }

    /// <summary>True when there is nothing (more) to say.</summary>
    public bool IsDone => _steps.Count == 0;

    /// <summary>What the server calls the connection; 0 if it was not asked, or does not tell.</summary>
    public long ClientId { get; private set; }

    /// <summary>After a refusal: what kind of failure it is.</summary>
    public FailureKind Failure { get; private set; }

    /// <summary>After a refusal: the server's own words.</summary>
    public string Detail { get; private set; } = "";

    /// <summary>Writes the next command.</summary>
    public void WriteNext(OutBuffer output)
    {
        var step = _steps.Peek();
        RespWriter.ArrayHeader(output, step.Arguments.Length);
        foreach (var argument in step.Arguments)
        {
            RespWriter.Bulk(output, argument);
        }
    }

    /// <summary>Takes bytes of the answer.</summary>
    /// <param name="bytes">What was read; advanced over what was taken.</param>
    /// <returns>Null: the answer is not whole yet. True: accepted. False: refused, see <see cref="Failure"/>.</returns>
    public bool? Receive(ref ReadOnlySpan<byte> bytes)
    {
        var status = _scanner.Scan(bytes, out var used);
        _reply.AddRange(bytes[..used]);
        bytes = bytes[used..];
        if (status == ReplyScanStatus.NeedMore && _reply.Count < MaxReply)
        {
            return null;
        }

        var step = _steps.Dequeue();
        if (status == ReplyScanStatus.Complete && (_reply[0] != (byte)'-' || (step.Failure is null && !IsTurnedAway)))
        {
            ClientId = step.Failure is null ? IntegerIn(_reply) : ClientId;
            _reply.Clear();
            return true;
        }

        Failure = IsBusy ? FailureKind.Busy : step.Failure ?? FailureKind.HandshakeFailed;
        Detail = status == ReplyScanStatus.Complete
            ? Encoding.UTF8.GetString(_reply.ToArray()).TrimEnd()[1..]
            : $"the answer to {step.Name} is not RESP";
        return false;
    }

    /// <summary>The server said so without having been asked, and closes the connection.</summary>
    private bool IsTurnedAway
    {
        get
        {
            var reply = CollectionsMarshal.AsSpan(_reply);
            return reply.StartsWith("-ERR max number of clients"u8) || reply.StartsWith("-DENIED "u8);
        }
    }

    /// <summary>It runs a script: it takes AUTH and HELLO, but no SELECT.</summary>
    private bool IsBusy => CollectionsMarshal.AsSpan(_reply).StartsWith("-BUSY "u8);

    private static long IntegerIn(List<byte> reply) =>
        reply[0] == (byte)':' && long.TryParse(Encoding.ASCII.GetString(reply.ToArray()).AsSpan(1).TrimEnd(), out var value) ? value : 0;

    /// <param name="Name">For texts.</param>
    /// <param name="Failure">What a refusal means; null if nothing.</param>
    /// <param name="Arguments">The command.</param>
    private sealed record Step(string Name, FailureKind? Failure, params byte[][] Arguments);
}
