using System.Net;
using System.Net.Sockets;

namespace Proxy.Testing;

/// <summary>
/// A real <c>redis-server</c> of its own for a test: on a free loopback port or a Unix socket, in a folder of its own, without persistence.
/// Keeps its address over <see cref="Kill"/> and <see cref="Restart"/>.
/// </summary>
public sealed class RedisServer : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string[] _arguments;
    private ChildProcess? _process;

    private RedisServer(IPAddress address, bool unixSocket, string[] options)
    {
        Port = unixSocket ? 0 : FreePort.Next();
        EndPoint = unixSocket ? new UnixDomainSocketEndPoint(_folder["redis.sock"]) : new IPEndPoint(address, Port);
        Address = unixSocket ? _folder["redis.sock"] : $"{address}:{Port}";
        string[] where = unixSocket ? ["--unixsocket", _folder["redis.sock"]] : ["--bind", address.ToString()];
        _arguments =
        [
            "--port", Port.ToString(), .. where, "--dir", _folder.Path, "--logfile", _folder["redis.log"],
            "--save", "", "--appendonly", "no", "--daemonize", "no", "--enable-debug-command", "local", .. options,
        ];
        if (options.Contains("--cluster-enabled"))
        {
            // Else it takes the port 10,000 above its own, which may be another server's.
            _arguments = [.. _arguments, "--cluster-port", FreePort.Next().ToString()];
        }

        var password = Array.IndexOf(options, "--requirepass");
        Password = password < 0 ? null : options[password + 1];
    }

    /// <summary>0 for a Unix socket.</summary>
    public int Port { get; }

    /// <summary>As in the proxy's file, without weight and name: <c>127.0.0.1:7001</c> or <c>/path/redis.sock</c>.</summary>
    public string Address { get; }

    public EndPoint EndPoint { get; }

    public string? Password { get; }

    public ChildProcess Process => _process ?? throw new InvalidOperationException("the server does not run");

    public string Log => File.ReadAllText(_folder["redis.log"]);

    /// <summary>Starts a server on 127.0.0.1 and waits until it answers.</summary>
    /// <param name="options">Further options of redis-server, as <c>--requirepass</c>, <c>secret</c>.</param>
    public static RedisServer Start(params string[] options) => Start(IPAddress.Loopback, false, options);

    /// <summary>The same on another address, as ::1.</summary>
    public static RedisServer StartOn(IPAddress address, params string[] options) => Start(address, false, options);

    /// <summary>The same on a Unix socket only.</summary>
    public static RedisServer StartOnUnixSocket(params string[] options) => Start(IPAddress.Loopback, true, options);

    /// <summary>A client of the server itself, logged in where it has a password.</summary>
    public RespClient Connect()
    {
        var client = RespClient.Connect(EndPoint);
        if (Password is not null)
        {
            client.Call("AUTH", Password);
        }

        return client;
    }

    /// <summary>One command on a connection of its own.</summary>
    public string Call(params ReadOnlySpan<string> arguments)
    {
        using var client = Connect();
        return client.Call(arguments);
    }

    /// <summary>How often a command ran here, by the server's own count (<c>INFO commandstats</c>).</summary>
    public long CallsOf(string command)
    {
        var prefix = $"cmdstat_{command}:calls=";
        var line = Call("INFO", "commandstats").Split("\r\n").FirstOrDefault(text => text.StartsWith(prefix, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[prefix.Length..line.IndexOf(',', StringComparison.Ordinal)]);
    }

    /// <summary>SIGKILL. Returns when the process is gone.</summary>
    public void Kill()
    {
        _process?.Dispose();
        _process = null;
    }

    /// <summary>SIGSTOP: connections are accepted by the kernel, nothing is answered.</summary>
    public void Pause() => Process.Signal(UnixSignal.Stop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Process.Signal(UnixSignal.Continue);

    /// <summary>Starts the server again on the same address, with the same folder (an append-only file is read again).</summary>
    public void Restart()
    {
        Kill();
        Launch();
    }

    public void Dispose()
    {
        Kill();
        _folder.Dispose();
    }

    private static RedisServer Start(IPAddress address, bool unixSocket, string[] options)
    {
        var server = new RedisServer(address, unixSocket, options);
        try
        {
            server.Launch();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    private void Launch()
    {
        _process = ChildProcess.Start("redis-server", _arguments, _folder.Path);
        Eventually.True(Answers, $"redis-server answers at {Address}");
    }

    private bool Answers()
    {
        if (_process!.HasExited)
        {
            throw new InvalidOperationException($"redis-server ended with {_process.ExitCode}: {_process.Output}{Log}");
        }

        try
        {
            return Call("PING") == "+PONG\r\n";
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
