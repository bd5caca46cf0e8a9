using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Proxy.Core.Model;

namespace Proxy.Host.Statistics;

/// <summary>
/// twemproxy's statistics port: whoever connects gets one document, and the connection is closed. Nothing is read for its meaning, so that a client that
/// sends an HTTP request gets its document, too. A client that does not take its document holds up nobody and is closed after a time.
/// </summary>
internal sealed partial class StatsServer : IAsyncDisposable
{
    /// <summary>More clients than this at once are turned away.</summary>
    public const int MaxClients = 64;

    private static readonly TimeSpan RetryAfterAcceptError = TimeSpan.FromMilliseconds(100);

    // From the last byte of the document to the client's own close.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly Func<byte[]> _document;
    private readonly TimeSpan _clientTimeout;
    private readonly ILogger _logger;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private int _clients;

    private StatsServer(AddressModel address, Func<byte[]> document, TimeSpan clientTimeout, ILogger logger)
    {
        _document = document;
        _clientTimeout = clientTimeout;
        _logger = logger;
        _listener = ListeningSocket.Bind(address);
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, with the port that the system chose if 0 was asked for.</summary>
    public EndPoint EndPoint => _listener.LocalEndPoint!;

    /// <summary>Binds the address and serves until disposed.</summary>
    /// <param name="address">Where to listen.</param>
    /// <param name="document">Makes a document; called for each client, by any thread.</param>
    /// <param name="clientTimeout">How long a client may take to read its document.</param>
    /// <param name="logger">Logs what goes wrong.</param>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public static StatsServer Start(AddressModel address, Func<byte[]> document, TimeSpan clientTimeout, ILogger logger) =>
        new(address, document, clientTimeout, logger);

    /// <summary>Stops listening and closes the clients.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptAsync(_stopping.Token);
                Serve(client);
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                if (_stopping.IsCancellationRequested)
                {
                    return;
                }

                // No file descriptors left, or a connection that was reset before it was accepted. The next turn may have more luck.
                Log.AcceptFailed(_logger, failure.Message);
                await Task.Delay(RetryAfterAcceptError, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Serve(Socket client)
    {
        if (Volatile.Read(ref _clients) >= MaxClients)
        {
            client.Dispose();
            return;
        }

        Interlocked.Increment(ref _clients);
        _ = ServeAsync(client);
    }

    private async Task ServeAsync(Socket client)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        timeout.CancelAfter(_clientTimeout);
        try
        {
            await SendAsync(client, _document(), timeout);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            Log.ClientFailed(_logger, failure.Message);
        }
        catch (Exception bug)
        {
            Log.DocumentFailed(_logger, bug);
        }
        finally
        {
            client.Dispose();
            Interlocked.Decrement(ref _clients);
        }
    }

    private static async Task SendAsync(Socket client, ReadOnlyMemory<byte> document, CancellationTokenSource timeout)
    {
        while (document.Length > 0)
        {
            document = document[await client.SendAsync(document, timeout.Token)..];
        }

        // Closing a socket with unread input resets the connection, and a reset may overtake the document.
        // So what the client sent is read and dropped until it has taken the document and closes its side.
        client.Shutdown(SocketShutdown.Send);
        timeout.CancelAfter(Linger);
        var dropped = new byte[1024];
        while (await client.ReceiveAsync(dropped, timeout.Token) > 0)
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "statistics port cannot accept a connection: {Reason}")]
        public static partial void AcceptFailed(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Debug, "statistics client did not take its document: {Reason}")]
        public static partial void ClientFailed(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Error, "statistics document could not be made")]
        public static partial void DocumentFailed(ILogger logger, Exception bug);
    }
}
