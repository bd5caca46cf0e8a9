using Proxy.Testing;

namespace Proxy.IntegrationTests.Blocking;

/// <summary>A server and its replicas, each with the whole of its master's data.</summary>
internal sealed class Replicas : IDisposable
{
    private readonly List<RedisServer> _replicas = [];

    private Replicas(RedisServer master) => Master = master;

    public RedisServer Master { get; }

    public RedisServer this[int index] => _replicas[index];

    /// <summary>Starts them and waits until all replicas have caught up.</summary>
    public static Replicas Start(int count)
    {
        var replicas = new Replicas(RedisServer.Start("--repl-diskless-sync-delay", "0"));
        try
        {
            for (var i = 0; i < count; i++)
            {
                replicas._replicas.Add(RedisServer.Start("--replicaof", "127.0.0.1", $"{replicas.Master.Port}"));
            }

            replicas.WaitUntilOnline();
            return replicas;
        }
        catch
        {
            replicas.Dispose();
            throw;
        }
    }

    public void WaitUntilOnline() => Eventually.True(
        () => Master.Call("INFO", "replication").Split("state=online").Length == _replicas.Count + 1, "all replicas are online");

    /// <summary>The replica takes nothing more, but stays connected.</summary>
    public void Pause(int index) => _replicas[index].Pause();

    /// <summary>The replica goes on, and has everything.</summary>
    public void Resume(int index)
    {
        _replicas[index].Resume();
        WaitUntilOnline();
    }

    public void Dispose()
    {
        foreach (var replica in _replicas)
        {
            replica.Dispose();
        }

        Master.Dispose();
    }
}
