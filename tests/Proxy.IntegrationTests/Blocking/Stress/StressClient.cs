using System.Text.RegularExpressions;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Blocking.Stress;

/// <summary>
/// A client of the stress test, which is looked at now and then by a thread that has many of them. What it asks goes out in one write and ends
/// with an ECHO of its own name: a reply that was meant for another is noticed.
/// </summary>
internal abstract partial class StressClient : IDisposable
{
    private readonly ProxyProcess _proxy;
    private readonly List<string> _replies = [];
    private RespClient? _client;
    private int _awaited;

    /// <param name="proxy">Where it connects to.</param>
    /// <param name="server">The server that it uses.</param>
    /// <param name="name">Its own.</param>
    protected StressClient(ProxyProcess proxy, int server, string name)
    {
        _proxy = proxy;
        Server = server;
        Name = name;
    }

    /// <summary>The server that it uses; the first never dies.</summary>
    protected int Server { get; }

    protected string Name { get; }

    /// <summary>Begins what it does, or goes on with it. Never waits.</summary>
    /// <param name="mayBegin">False once it is to end what it does, and begin nothing.</param>
    /// <returns>True while it does something.</returns>
    public bool Step(bool mayBegin)
    {
        if (_awaited == 0)
        {
            if (!mayBegin)
            {
                return false;
            }

            _client ??= _proxy.Connect();
            var requests = Ask();
            _awaited = requests.Length + 1;
            _client.Send([.. requests.SelectMany(request => RespFrame.Request(request)), .. RespFrame.Request("ECHO", Name)]);
            return true;
        }

        while (_replies.Count < _awaited && _client!.TryReadReply() is { } reply)
        {
            _replies.Add(reply);
        }

        if (_replies.Count == _awaited)
        {
            Check();
        }
        else if (_client!.IsClosed)
        {
            throw new InvalidOperationException($"{Name} was disconnected after {string.Join(' ', _replies)}");
        }

        return true;
    }

    public void Dispose() => _client?.Dispose();

    /// <summary>A key on its server.</summary>
    protected string Key(string name) => $"{{{RedisTopology.Key(Server)}}}{name}";

    /// <summary>What it asks next.</summary>
    protected abstract string[][] Ask();

    /// <summary>Looks at the replies, as many as requests.</summary>
    protected abstract void Take(IReadOnlyList<string> replies);

    /// <summary>Throws unless <paramref name="reply"/> is an error that its server's death explains, or CLIENT UNBLOCK.</summary>
    protected void Excuse(string reply)
    {
        var allowed = reply.StartsWith("-UNBLOCKED ", StringComparison.Ordinal) || (Server > 0 && DeathOfAServer.IsMatch(reply));
        if (!allowed)
        {
            throw new InvalidOperationException($"{Name} got {reply}");
        }
    }

    [GeneratedRegex("^-(ERR (Connection (lost|refused|reset by peer|timed out)|backend handshake failed: LOADING)|LOADING )")]
    private static partial Regex DeathOfAServer { get; }

    private void Check()
    {
        if (_replies[^1] != RespFrame.Bulk(Name))
        {
            throw new InvalidOperationException($"{Name} got the reply of another: {string.Join(' ', _replies)}");
        }

        _replies.RemoveAt(_replies.Count - 1);
        Take(_replies);
        _replies.Clear();
        _awaited = 0;
    }
}
