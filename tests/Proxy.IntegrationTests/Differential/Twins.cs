using System.Text;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Differential;

/// <summary>
/// A plain Redis, and a proxy with servers like it. Both are asked the same, one request after the other; what is not equal is kept, so that
/// a test tells all of it at once.
/// </summary>
internal sealed class Twins : IDisposable
{
    private const int MostShown = 40;

    private readonly RedisServer _plain = RedisServer.Start();
    private readonly List<RedisServer> _behind = [];
    private readonly ProxyProcess _proxy;
    private readonly RespClient _whichKeys;
    private readonly int _respVersion;
    private readonly List<string> _differences = [];
    private RespClient _toPlain = null!;
    private RespClient _toProxy = null!;
    private string _lastText = "";
    private bool _differ;

    /// <param name="servers">How many servers are behind the proxy.</param>
    /// <param name="respVersion">What both clients speak.</param>
    public Twins(int servers, int respVersion)
    {
        for (var i = 0; i < servers; i++)
        {
            _behind.Add(RedisServer.Start());
        }

        _proxy = ProxyProcess.Start(ProxyFile.Of(_behind.Select(server => server.Address), "hash_tag: \"{}\""));
        _whichKeys = _plain.Connect();
        _respVersion = respVersion;
        Connect();
    }

    /// <summary>How many requests were made.</summary>
    public int Requests { get; private set; }

    /// <summary>Empties both, and forgets what was asked and noted: new clients, no keys, no scripts, no functions.</summary>
    public void BeginAgain()
    {
        _toPlain.Dispose();
        _toProxy.Dispose();
        _differences.Clear();
        _lastText = "";
        Connect();
        Ask("FLUSHALL");
        Ask("SCRIPT", "FLUSH");
        Ask("FUNCTION", "FLUSH");
        Requests = 0;
    }

    /// <summary>Sends a request to both, and notes a difference of the replies.</summary>
    /// <param name="request">Its words; <c>@</c> stands for the text that the last such request brought, if it brought one.</param>
    /// <returns>The plain Redis's reply.</returns>
    public string Ask(params string[] request)
    {
        var words = request.Select(word => word == "@" ? _lastText : word).ToArray();
        _toProxy.SendCommand(words);
        _toPlain.SendCommand(words);
        var reply = Compare(words);
        if (reply[0] == '$' && reply[1] != '-')
        {
            _lastText = reply[(reply.IndexOf('\n') + 1)..^2];
        }

        return reply;
    }

    /// <summary>The same for many requests at once, sent in one piece. Together their replies must fit into what a socket holds.</summary>
    public void AskAll(IReadOnlyCollection<string[]> requests)
    {
        var bytes = requests.SelectMany(request => RespFrame.Request(request)).ToArray();
        _toProxy.Send(bytes);
        _toPlain.Send(bytes);
        foreach (var request in requests)
        {
            Compare(request);
        }
    }

    /// <summary>The same for a line of words, of which those with spaces stand in double quotes.</summary>
    public string AskLine(string line) => Ask([.. line.Split('"').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))]);

    /// <summary>Fails the test if any replies differed.</summary>
    public void ExpectNoDifference() => Assert.That(_differences, Is.Empty, Told);

    public void Dispose()
    {
        _toPlain.Dispose();
        _whichKeys.Dispose();
        _toProxy.Dispose();
        try
        {
            _proxy.Dispose();
        }
        finally
        {
            _behind.ForEach(server => server.Dispose());
            _plain.Dispose();
        }
    }

    private void Connect()
    {
        _toPlain = _plain.Connect();
        _toProxy = _proxy.Connect();
        Ask("HELLO", $"{_respVersion}");
    }

    private string Compare(string[] request)
    {
        Requests++;
        var expected = _toPlain.ReadReply();
        string actual;
        try
        {
            actual = _toProxy.ReadReply();
        }
        catch (Exception problem) when (problem is TimeoutException or EndOfStreamException)
        {
            Assert.Fail($"{Shown(string.Join(' ', request))}: {problem.Message}\n{Told}");
            throw;
        }

        var (comparableExpected, comparableActual) = (Reply.Comparable(request, expected), Reply.Comparable(request, actual));
        if (request[0] == "FLUSHALL")
        {
            _differ = false;
        }

        if (comparableActual != comparableExpected && IsSpread(request, actual))
        {
            // What the one has done and the other not shows until the keys are made anew.
            _differ |= _whichKeys.Call("COMMAND", "INFO", request[0]).Contains("+write\r\n", StringComparison.Ordinal);
        }
        else if (comparableActual != comparableExpected && !_differ)
        {
            // What is long differs late.
            var from = Math.Max(0, comparableExpected.Zip(comparableActual).TakeWhile(pair => pair.First == pair.Second).Count() - 100);
            _differences.Add(
                $"{Shown(string.Join(' ', request))}\n  plain Redis: {Shown(comparableExpected[from..])}\n  the proxy:   {Shown(comparableActual[from..])}");
        }

        return expected;
    }

    private string Told => $"{_differences.Count} of {Requests} differ:\n{string.Join('\n', _differences.Take(MostShown))}";

    // Whether its keys do not live together, so that the proxy is right to refuse it.
    private bool IsSpread(string[] request, string reply) =>
        reply.StartsWith("-CROSSSLOT", StringComparison.Ordinal)
        && _behind.Count > 1
        && _whichKeys.Call(["COMMAND", "GETKEYS", .. request]).Split("\r\n")
            .Where((_, line) => line > 0 && line % 2 == 0)
            .Any(key => key.Length > 0 && !key.StartsWith("{t}", StringComparison.Ordinal));

    private static string Shown(string bytes)
    {
        var text = new StringBuilder();
        foreach (var character in bytes.AsSpan(0, Math.Min(bytes.Length, 500)))
        {
            text.Append(character is (>= ' ' and <= '~') or '…' ? character : $"\\x{(int)character:x2}");
        }

        return text.ToString();
    }
}
