using System.Net;
using Proxy.Testing;

namespace Proxy.IntegrationTests.ClientSide;

/// <summary>Three Redis servers and a proxy that spreads the keys over them by hash, as an application's pool does.</summary>
internal sealed class SpreadTopology : IDisposable
{
    private readonly List<RedisServer> _servers = [.. Enumerable.Range(0, 3).Select(_ => RedisServer.Start())];

    /// <param name="hashTag">What in a key decides alone where it lives: the text between these two characters.</param>
    public SpreadTopology(string hashTag = "{}")
    {
        try
        {
            Proxy = ProxyProcess.Start(ProxyFile.Of(_servers.Select(server => server.Address), $"hash_tag: \"{hashTag}\""));
        }
        catch
        {
            _servers.ForEach(server => server.Dispose());
            throw;
        }
    }

    public ProxyProcess Proxy { get; }

    /// <summary>Where the proxy listens on 127.0.0.1.</summary>
    public string Port => $"{((IPEndPoint)Proxy.File.Pools[0].EndPoint).Port}";

    /// <summary>Ends the servers one after the other and starts them anew, empty.</summary>
    public void RestartServers() => _servers.ForEach(server => server.Restart());

    public void Dispose()
    {
        try
        {
            Proxy.Dispose();
        }
        finally
        {
            _servers.ForEach(server => server.Dispose());
        }
    }
}
