using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Proxy.Testing;

/// <summary>
/// A server that does what a script says, in raw bytes, to show faults that a real Redis shows seldom: it resets, stalls, closes in the
/// middle of a reply, answers garbage, twice, late or unasked. The script runs once for each connection, on a thread of its own; when it
/// returns the connection is closed (FIN).
/// </summary>
public sealed class ScriptedServer : IDisposable
{
    private readonly Action<ScriptedConnection> _script;
    private readonly ConcurrentQueue<(ScriptedConnection Connection, string[] Arguments)> _requests = new();
    private readonly ConcurrentQueue<ScriptedConnection> _connections = new();
    private readonly ConcurrentQueue<Exception> _problems = new();
    private readonly ManualResetEventSlim _ended = new();
    private Socket? _listener;
    private int _accepted;
    private int _commandsTold;

    private ScriptedServer(int port, Action<ScriptedConnection> script)
    {
        Port = port;
        _script = script;
    }

    public int Port { get; }

    /// <summary>As in the proxy's file, without weight and name.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Whether PING, INFO, CONFIG and COMMAND are answered. Health checks fail while it is false.</summary>
    public bool IsHealthy { get; set; } = true;

    /// <summary>What INFO tells.</summary>
    public string Version { get; set; } = "7.0.15";

    /// <summary>The whole reply to COMMAND. At first it tells of no command.</summary>
    public string Commands { get; set; } = "*0\r\n";

    /// <summary>How often COMMAND was answered.</summary>
    public int CommandsTold => Volatile.Read(ref _commandsTold);

    /// <summary>Connections accepted so far, also those of health checks.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Every request that a script has read, in order, as words joined by spaces; without PING, INFO and CONFIG.</summary>
    public IReadOnlyList<string> Requests => [.. _requests.Select(request => string.Join(' ', request.Arguments))];

    /// <summary>The same for one connection.</summary>
    public IReadOnlyList<string> RequestsOf(int connection) =>
        [.. _requests.Where(request => request.Connection.Index == connection).Select(request => string.Join(' ', request.Arguments))];

    public static ScriptedServer Start(Action<ScriptedConnection> script)
    {
        var server = new ScriptedServer(FreePort.Next(), script);
        server.Listen();
        return server;
    }

    /// <summary>
    /// A server that answers every request of any connection with what <paramref name="answer"/> returns (null: nothing).
    /// </summary>
    public static ScriptedServer Answering(Func<string[], string?> answer) => Start(connection => connection.AnswerAll(answer));

    /// <summary>Listens (again) on the port.</summary>
    public void Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen(128);
        _listener = listener;
        RunOnThread(() => AcceptAll(listener));
    }

    /// <summary>Stops listening and resets every connection: the proxy's next connects are refused.</summary>
    public void Refuse()
    {
        _listener?.Dispose();
        _listener = null;
        while (_connections.TryDequeue(out var connection))
        {
            connection.Reset();
        }
    }

    /// <summary>Ends everything; throws what went wrong in a script that has to do with the script, not with its connection.</summary>
    public void Dispose()
    {
        _ended.Set();
        Refuse();
        if (_problems.TryDequeue(out var problem))
        {
            throw new InvalidOperationException("the server's script failed", problem);
        }
    }

    internal void Record(ScriptedConnection connection, string[] arguments) => _requests.Enqueue((connection, arguments));

    internal string TellCommands()
    {
        Interlocked.Increment(ref _commandsTold);
        return Commands;
    }

    internal void WaitForEnd() => _ended.Wait();

    private static void RunOnThread(Action action) => new Thread(() => action()) { IsBackground = true, Name = "scripted server" }.Start();

    private void AcceptAll(Socket listener)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = listener.Accept();
            }
            catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
            {
                return;
            }

            socket.NoDelay = true;
            var connection = new ScriptedConnection(this, socket, Interlocked.Increment(ref _accepted) - 1);
            _connections.Enqueue(connection);
            RunOnThread(() => RunScript(connection));
        }
    }

    private void RunScript(ScriptedConnection connection)
    {
        try
        {
            _script(connection);
            connection.Close();
        }
        catch (Exception problem) when (problem is EndOfStreamException or SocketException or ObjectDisposedException)
        {
            connection.Close();
        }
        catch (Exception problem)
        {
            _problems.Enqueue(problem);
            connection.Reset();
        }
    }
}
