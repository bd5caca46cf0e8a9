using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Transactions;

/// <summary>Goes over queued frames once more.</summary>
internal sealed class QueuedFrames
{
    private readonly RequestScanner _scanner;
    private readonly byte[] _bytes;
    private int _position;

    /// <param name="bytes">Whole frames, which a client sent and which were scanned before. They stay as they are.</param>
    public QueuedFrames(OutBuffer bytes)
    {
        _bytes = new byte[bytes.Length];
        bytes.CopyFirst(_bytes);
        _scanner = new RequestScanner(new RequestLimits { MaxRequestSize = Math.Max(_bytes.Length, 1) }) { Authenticated = true };
    }

    /// <summary>The next frame, valid until the next call.</summary>
    public RequestFrame Next()
    {
        var unread = _bytes.AsSpan(_position);
        while (_scanner.Scan(unread) == RequestScanStatus.Skipped)
        {
            _position += _scanner.Consumed;
            unread = _bytes.AsSpan(_position);
        }

        _position += _scanner.Consumed;
        return _scanner.Frame(unread);
    }
}
