using NUnit.Framework;
using Proxy.IntegrationTests.PubSub;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Differential;

/// <summary>
/// The same clients of a plain Redis and of the proxy, which take the same steps. What a step brings each of them is known from the plain
/// Redis, whose clients send a fence behind it: all that comes before its answer belongs to the step. The proxy's clients then have to hear
/// just as many frames, and at the end no more.
/// </summary>
internal sealed class SideBySide : IDisposable
{
    private readonly RespClient _control;
    private readonly List<RespClient> _behind;
    private readonly List<Side> _clients = [];
    private readonly List<string> _steps = [];

    /// <param name="plain">The plain Redis.</param>
    /// <param name="proxy">The proxy.</param>
    /// <param name="behind">Its servers.</param>
    /// <param name="clients">How many clients there are.</param>
    public SideBySide(RedisServer plain, ProxyProcess proxy, IEnumerable<RedisServer> behind, int clients)
    {
        _control = plain.Connect();
        _behind = [.. behind.Select(server => server.Connect())];
        for (var i = 0; i < clients; i++)
        {
            var toPlain = plain.Connect();
            _clients.Add(new Side(toPlain, proxy.Connect(), toPlain.Call("CLIENT", "ID").Trim()[1..]));
        }
    }

    /// <summary>How many clients wait for what others do.</summary>
    public int Blocked => _clients.Count(client => client.IsBlocked);

    public bool IsBlocked(int client) => _clients[client].IsBlocked;

    public bool IsInTransaction(int client) => _clients[client].IsInTransaction;

    /// <summary>A client that does not wait sends a request; fails the test if anybody hears something else than with plain Redis.</summary>
    public void Step(int actor, string[] request)
    {
        _steps.Add($"{actor} {string.Join(' ', request)}");
        var client = _clients[actor];
        client.Plain.SendCommand(request);
        client.Proxied.SendCommand(request);
        client.IsBlocked = WaitsFor(client, request);
        if (!client.IsBlocked)
        {
            Compare(client, request);
        }

        foreach (var other in _clients.Where(other => other != client))
        {
            if (other.IsBlocked && !IsBlockedAtServer(other))
            {
                other.IsBlocked = false;
            }

            if (!other.IsBlocked)
            {
                Compare(other, request: null);
            }
        }

        Eventually.Equal(() => _behind.Sum(BlockedAt), BlockedAt(_control), $"clients blocked behind the proxy after\n{Story}");
    }

    /// <summary>Nobody has heard anything more.</summary>
    public void ExpectNothingMore()
    {
        foreach (var client in _clients.Where(client => !client.IsBlocked))
        {
            var isInTransaction = client.IsInTransaction;
            Assert.That(Conversation.Listen(client.Proxied, command: null, ref isInTransaction), Is.Empty, $"client {_clients.IndexOf(client)} after\n{Story}");
        }
    }

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        _behind.ForEach(client => client.Dispose());
        _control.Dispose();
    }

    private string Story => string.Join('\n', _steps.TakeLast(40));

    private void Compare(Side client, string[]? request)
    {
        var isInTransaction = client.IsInTransaction;
        var expected = Conversation.Listen(client.Plain, request?[0], ref isInTransaction);
        client.IsInTransaction = isInTransaction;
        var heard = new List<string>();
        try
        {
            expected.ForEach(_ => heard.Add(client.Proxied.ReadReply()));
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            heard.Add(problem.Message);
        }

        Assert.That(Conversation.Text(heard), Is.EqualTo(Conversation.Text(expected)), $"client {_clients.IndexOf(client)} after\n{Story}");
    }

    private bool WaitsFor(Side client, string[] request)
    {
        if (client.IsInTransaction || !request.Contains(SessionSteps.Forever) || request[0][0] != 'B')
        {
            return false;
        }

        // Either it is answered or it waits: the server has taken it up.
        Eventually.True(() => client.Plain.HasInput || IsBlockedAtServer(client), "the request is taken up");
        return !client.Plain.HasInput;
    }

    private bool IsBlockedAtServer(Side client) =>
        _control.Call("CLIENT", "LIST", "ID", client.PlainId).Contains(" flags=b", StringComparison.Ordinal);

    private static int BlockedAt(RespClient server)
    {
        var info = server.Call("INFO", "clients");
        var at = info.IndexOf("blocked_clients:", StringComparison.Ordinal) + "blocked_clients:".Length;
        return int.Parse(info[at..info.IndexOf('\r', at)]);
    }

    private sealed class Side(RespClient plain, RespClient proxied, string plainId) : IDisposable
    {
        public RespClient Plain { get; } = plain;

        public RespClient Proxied { get; } = proxied;

        /// <summary>What the plain Redis calls it.</summary>
        public string PlainId { get; } = plainId;

        public bool IsBlocked { get; set; }

        public bool IsInTransaction { get; set; }

        public void Dispose()
        {
            Plain.Dispose();
            Proxied.Dispose();
        }
    }
}
