using System.Globalization;
using System.Text;
using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;
using Proxy.Resp;

namespace Proxy.Core.Requests.Blocking;

/// <summary><c>CLIENT UNBLOCK</c>, asked of a server about one of our leases.</summary>
internal sealed class UnblockRequest : InFlight
{
    private readonly Action<bool> _done;
    private bool _ended;

    private UnblockRequest(Action<bool> done)
    {
        _done = done;
    }

    /// <summary>Asks over a connection that others share.</summary>
    /// <param name="lease">Whose wait is to end.</param>
    /// <param name="withError">Whether it ends with an error, or as if its time were over.</param>
    /// <param name="done">Is told whether there was a wait that ended.</param>
    public static void Send(LeasedConnection lease, bool withError, Action<bool> done)
    {
        var connection = lease.Shared;
        if (lease.ServerClientId == 0 || connection.Accept() is not null)
        {
            done(false);
            return;
        }

        var output = connection.Output;
        var before = output.Length;
        RespWriter.ArrayHeader(output, 4);
        RespWriter.Bulk(output, "CLIENT"u8);
        RespWriter.Bulk(output, "UNBLOCK"u8);
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes(lease.ServerClientId.ToString(CultureInfo.InvariantCulture)));
        RespWriter.Bulk(output, withError ? "ERROR"u8 : "TIMEOUT"u8);
        connection.Enqueue(new UnblockRequest(done), output.Length - before);
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        // Small enough to come in one part: it is an integer, or an error.
        _ended |= bytes.StartsWith(":1"u8);
        if (last)
        {
            _done(_ended);
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure) => _done(false);

    /// <inheritdoc/>
    public override void Recycle()
    {
    }
}
