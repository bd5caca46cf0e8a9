using System.Text;
using Proxy.Core.Backends;
using Proxy.Core.Topology;

namespace Proxy.Core.Requests.Scripts;

/// <summary>
/// Asks a server whether it runs a script, by PING: then it answers <c>-BUSY</c>. The client that waits for it is held, and its request comes again
/// when it is known. Used on the worker's loop only.
/// </summary>
internal sealed class BusyProbe : InFlight
{
    private readonly ClientSession _client;
    private readonly Server _server;
    private bool _isOver;

    /// <param name="client">Whose request waits for it; held until it is known.</param>
    /// <param name="server">Who is asked.</param>
    /// <param name="shard">Its index in the pool's snapshot.</param>
    public BusyProbe(ClientSession client, Server server, int shard)
    {
        _client = client;
        _server = server;
        Shard = shard;
        client.Hold();
    }

    /// <summary>What is sent.</summary>
    public static ReadOnlySpan<byte> Bytes => "*1\r\n$4\r\nPING\r\n"u8;

    /// <summary>The server's index in the pool's snapshot.</summary>
    public int Shard { get; }

    /// <summary>The server's refusal, an error line; null if it does not refuse.</summary>
    public byte[]? Refusal { get; private set; }

    /// <summary>The server takes its time: it has not said that it is busy.</summary>
    public void StopWaiting() => Release();

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        if (bytes.StartsWith("-BUSY "u8))
        {
            Refusal = bytes.ToArray();
        }
        else
        {
            _server.MayBeBusy = false;
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        if (failure.Kind == FailureKind.Busy)
        {
            Refusal = Encoding.UTF8.GetBytes($"-{failure.Detail}\r\n");
        }
        else
        {
            _server.MayBeBusy = false;
        }

        Release();
    }

    /// <inheritdoc/>
    public override void Recycle() => Release();

    private void Release()
    {
        if (!_isOver)
        {
            _isOver = true;
            _client.Release();
        }
    }
}
