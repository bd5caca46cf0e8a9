namespace Proxy.Testing;

/// <summary>
/// Some real Redis servers and a proxy before them. Keys are spread by range, so that a test knows where a key lives: the number in a key
/// says it, 0 to 999 the first server, 1000 to 1999 the second, and so on.
/// </summary>
public sealed class RedisTopology : IDisposable
{
    private RedisTopology(IReadOnlyList<RedisServer> servers, ProxyProcess proxy)
    {
        Servers = servers;
        Proxy = proxy;
    }

    public IReadOnlyList<RedisServer> Servers { get; }

    public ProxyProcess Proxy { get; }

    public static RedisTopology Start(int servers, params string[] poolKeys)
    {
        var started = new List<RedisServer>();
        try
        {
            for (var i = 0; i < servers; i++)
            {
                started.Add(RedisServer.Start());
            }

            return new RedisTopology(started, ProxyProcess.Start(File([.. started.Select(server => server.Address)], poolKeys)));
        }
        catch
        {
            started.ForEach(server => server.Dispose());
            throw;
        }
    }

    /// <summary>The same with servers of any kind, which are the topology's from now on.</summary>
    /// <param name="servers">Running.</param>
    /// <param name="processKeys">See <see cref="ProxyFile.Keys"/>.</param>
    /// <param name="poolKeys">See <see cref="PoolText.Keys"/>.</param>
    public static RedisTopology Start(IReadOnlyList<RedisServer> servers, IReadOnlyList<string> processKeys, params string[] poolKeys) =>
        new(servers, ProxyProcess.Start(File([.. servers.Select(server => server.Address)], poolKeys) with { Keys = processKeys }));

    /// <summary>The file that <see cref="Start(int, string[])"/> uses, for servers of any kind.</summary>
    public static ProxyFile File(IReadOnlyList<string> servers, params string[] poolKeys)
    {
        if (servers.Count == 1)
        {
            return ProxyFile.Of(servers, ["hash_tag: \"{}\"", .. poolKeys]);
        }

        var bounds = string.Join(", ", Enumerable.Range(1, servers.Count - 1).Select(i => i * 1000));
        var range = $"range: {{ by: number, bounds: [{bounds}], otherwise: {PoolText.ServerName(0)} }}";
        string[] keys = ["hash_tag: \"{}\"", range, .. poolKeys];
        return new ProxyFile { Pools = [new PoolText { Servers = servers, Distribution = "range", Keys = keys }] };
    }

    /// <summary>A key that lives on the given server; a different one for each <paramref name="number"/> from 0 to 999.</summary>
    public static string Key(int server, int number = 0) => $"key:{(server * 1000) + number}";

    public RespClient Connect() => Proxy.Connect();

    /// <summary>Empties all servers.</summary>
    public void Flush()
    {
        foreach (var server in Servers)
        {
            server.Call("FLUSHALL");
        }
    }

    /// <summary>Ends the proxy, then the servers.</summary>
    public void Dispose()
    {
        try
        {
            Proxy.Dispose();
        }
        finally
        {
            foreach (var server in Servers)
            {
                server.Dispose();
            }
        }
    }
}
