using System.Text;
using DotNetty.Transport.Channels.Embedded;
using NUnit.Framework;
using Proxy.Core.Model;
using Proxy.Partitioning;
using Proxy.Testing;

namespace Proxy.Core.Tests.Requests.CrossServer;

/// <summary>What two servers are asked, and what becomes of their replies. Keys below 1000 are the first server's.</summary>
internal sealed class CrossServerRequestsTests
{
    private TestConnector _connector = null!;
    private TestPool _pool = null!;
    private TestClient _client = null!;
    private EmbeddedChannel _first = null!;
    private EmbeddedChannel _second = null!;

    [SetUp]
    public void SetUp()
    {
        _connector = new TestConnector();
        _pool = new TestPool(Model(), connector: _connector);
        _client = new TestClient(_pool);
        _client.Request("MGET 1 1000");
        _first = _connector.AcceptShared(0);
        _second = _connector.AcceptShared(1);
        _pool.RunAll();
        Answer("*1\r\n$-1\r\n", "*1\r\n$-1\r\n");
        _client.TakeSent();
        TestConnector.Sent(_first);
        TestConnector.Sent(_second);
    }

    [TestCase("SUNION 1 1000 2", "SUNION 1 2", "SUNION 1000")]
    [TestCase("SINTER 1000 1 2", "SINTER 1 2", "SINTER 1000")]
    [TestCase("SINTERCARD 2 1 1000 LIMIT 5", "SINTER 1", "SINTER 1000")]
    [TestCase("SDIFF 1 2 1000 1001", "SDIFF 1 2", "SUNION 1000 1001")]
    [TestCase("SDIFF 1000 2 1", "SUNION 2 1", "SDIFF 1000")]
    [TestCase("ZDIFF 3 1 2 1000", "ZDIFF 2 1 2", "ZUNION 1 1000")]
    [TestCase("ZDIFF 3 1 2 1000 WITHSCORES", "ZDIFF 2 1 2 WITHSCORES", "ZUNION 1 1000")]
    [TestCase("ZINTERCARD 3 1 2 1000 limit 1", "ZINTER 2 1 2", "ZINTER 1 1000")]
    [TestCase("ZUNION 3 1 2 1000 WEIGHTS 1 2 3", "ZUNION 1 1 WITHSCORES|ZUNION 1 2 WITHSCORES", "ZUNION 1 1000 WITHSCORES")]
    [TestCase("ZINTER 2 1 1000 AGGREGATE MAX", "ZUNION 1 1 WITHSCORES", "ZUNION 1 1000 WITHSCORES")]
    [TestCase("PFCOUNT 1 1000 1", "GET 1|GET 1", "GET 1000")]
    [TestCase("LCS 1 1000 IDX", "GET 1", "GET 1000")]
    [TestCase("LCS 1 1000 BAD", "STRLEN 1", "STRLEN 1000")]
    [TestCase("ZUNION 3 1 2 1000 BAD", "ZUNION 2 1 2 WEIGHTS", "ZUNION 1 1000 WEIGHTS")]
    public void Request_IsDoneInParts(string request, string first, string second)
    {
        _client.Request(request);
        _pool.RunAll();

        Assert.That((TestConnector.Sent(_first), TestConnector.Sent(_second)), Is.EqualTo((Requests(first), Requests(second))));
    }

    [TestCase("SUNION 1 1000", "*2\r\n$1\r\na\r\n$1\r\nb\r\n", "*2\r\n$1\r\nb\r\n$1\r\nc\r\n", "*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n")]
    [TestCase("SINTER 1 1000", "*2\r\n$1\r\na\r\n$1\r\nb\r\n", "*2\r\n$1\r\nb\r\n$1\r\nc\r\n", "*1\r\n$1\r\nb\r\n")]
    [TestCase("SINTER 1 1000", "*0\r\n", "*1\r\n$1\r\nb\r\n", "*0\r\n")]
    [TestCase("SDIFF 1 1000", "*2\r\n$1\r\na\r\n$1\r\nb\r\n", "*2\r\n$1\r\nb\r\n$1\r\nc\r\n", "*1\r\n$1\r\na\r\n")]
    [TestCase("SINTERCARD 2 1 1000", "*2\r\n$1\r\na\r\n$1\r\nb\r\n", "*2\r\n$1\r\na\r\n$1\r\nb\r\n", ":2\r\n")]
    [TestCase("SINTERCARD 2 1 1000 LIMIT 1", "*2\r\n$1\r\na\r\n$1\r\nb\r\n", "*2\r\n$1\r\na\r\n$1\r\nb\r\n", ":1\r\n")]
    [TestCase("ZUNION 2 1 1000 WITHSCORES", "*2\r\n$1\r\na\r\n$1\r\n1\r\n", "*4\r\n$1\r\na\r\n$1\r\n2\r\n$1\r\nb\r\n$3\r\n2.5\r\n", "*4\r\n$1\r\nb\r\n$3\r\n2.5\r\n$1\r\na\r\n$1\r\n3\r\n")]
    [TestCase("ZUNION 2 1 1000", "*2\r\n$1\r\na\r\n$1\r\n1\r\n", "*2\r\n$1\r\nb\r\n$1\r\n1\r\n", "*2\r\n$1\r\na\r\n$1\r\nb\r\n")]
    [TestCase("ZINTER 2 1 1000 WITHSCORES WEIGHTS 0 2", "*2\r\n$1\r\na\r\n$3\r\ninf\r\n", "*2\r\n$1\r\na\r\n$1\r\n4\r\n", "*2\r\n$1\r\na\r\n$1\r\n8\r\n")]
    [TestCase("ZINTER 2 1 1000 WITHSCORES WEIGHTS 2 0", "*2\r\n$1\r\na\r\n$1\r\n4\r\n", "*2\r\n$1\r\na\r\n$3\r\ninf\r\n", "*2\r\n$1\r\na\r\n$1\r\n0\r\n")]
    [TestCase("ZDIFF 2 1 1000 WITHSCORES", "*4\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$1\r\n2\r\n", "*1\r\n$1\r\na\r\n", "*2\r\n$1\r\nb\r\n$1\r\n2\r\n")]
    [TestCase("ZINTERCARD 2 1 1000", "*1\r\n$1\r\na\r\n", "*1\r\n$1\r\na\r\n", ":1\r\n")]
    [TestCase("PFCOUNT 1 1000", "$-1\r\n", "$-1\r\n", ":0\r\n")]
    [TestCase("PFCOUNT 1 1000", "$1\r\nx\r\n", "-WRONGTYPE z\r\n", "-WRONGTYPE Key is not a valid HyperLogLog string value.\r\n")]
    [TestCase("PFCOUNT 1 1000", "$-1\r\n", "-WRONGTYPE z\r\n", "-WRONGTYPE z\r\n")]
    [TestCase("LCS 1 1000", "$3\r\nabc\r\n", "$3\r\nxbc\r\n", "$2\r\nbc\r\n")]
    [TestCase("LCS 1 1000 LEN", "$3\r\nabc\r\n", "$-1\r\n", ":0\r\n")]
    [TestCase("LCS 1 1000", "-WRONGTYPE z\r\n", "$-1\r\n", "-ERR The specified keys must contain string values\r\n")]
    [TestCase("LCS 1 1000", "-LOADING z\r\n", "$-1\r\n", "-LOADING z\r\n")]
    [TestCase("LCS 1 1000 BAD", ":3\r\n", ":0\r\n", "-ERR syntax error\r\n")]
    [TestCase("LCS 1 1000 LEN IDX", ":3\r\n", "-WRONGTYPE z\r\n", "-ERR The specified keys must contain string values\r\n")]
    [TestCase("ZUNION 2 1 1000 WEIGHTS 1 x", "-ERR syntax error\r\n", "-ERR syntax error\r\n", "-ERR weight value is not a float\r\n")]
    [TestCase("ZUNION 2 1 1000 WEIGHTS 1 x", "-ERR syntax error\r\n", "-WRONGTYPE z\r\n", "-WRONGTYPE z\r\n")]
    [TestCase("SUNION 1 1000", "*0\r\n", "-WRONGTYPE z\r\n", "-WRONGTYPE z\r\n")]
    [TestCase("SUNION 1 1000", "*0\r\n", "+OK\r\n", "-ERR unexpected reply from a server to a part of the command\r\n")]
    [TestCase("ZUNION 2 1 1000", "*0\r\n", "*1\r\n*-1\r\n", "-ERR unexpected reply from a server to a part of the command\r\n")]
    [TestCase("ZUNION 2 1 1000", "*0\r\n", "*2\r\n$1\r\na\r\n$1\r\nx\r\n", "-ERR unexpected reply from a server to a part of the command\r\n")]
    public void Replies_MakeTheReplyOfOneServer(string request, string first, string second, string reply)
    {
        _client.Request(request);
        _pool.RunAll();
        Answer(first, second);

        Assert.That(_client.TakeSent(), Is.EqualTo(reply));
    }

    [TestCase("SINTERCARD 2 1 1000 LIMIT -1", "-ERR LIMIT can't be negative\r\n")]
    [TestCase("SINTERCARD 2 1 1000 LIMIT x", "-ERR LIMIT can't be negative\r\n")]
    [TestCase("SINTERCARD 2 1 1000 LIMIT", "-ERR syntax error\r\n")]
    [TestCase("MSETNX 1 a 1000 b", "-CROSSSLOT Keys in request don't hash to the same slot\r\n")]
    [TestCase("SUNIONSTORE 1 1000", "-CROSSSLOT Keys in request don't hash to the same slot\r\n")]
    public void CertainlyRefused_AsksNobody(string request, string reply)
    {
        _client.Request(request);
        _pool.RunAll();

        Assert.That((_client.TakeSent(), TestConnector.Sent(_first), TestConnector.Sent(_second)), Is.EqualTo((reply, "", "")));
    }

    [Test]
    public void WithoutTheKey_IsRefused()
    {
        _pool.Apply(Model() with { CrossServer = false });

        _client.Request("SUNION 1 1000");

        Assert.That(_client.TakeSent(), Is.EqualTo("-CROSSSLOT Keys in request don't hash to the same slot\r\n"));
    }

    [Test]
    public void PartsBeyondTheLimit_AreAnErrorAndNothingIsKept()
    {
        _pool.Apply(Model() with { ClientOutputLimit = 100 });
        _client.Request("SUNION 1 1000");
        _pool.RunAll();

        Answer($"*1\r\n$60\r\n{new string('a', 60)}\r\n", $"*1\r\n$60\r\n{new string('b', 60)}\r\n");

        Assert.That(
            (_client.TakeSent(), _client.EarlyBytes), Is.EqualTo(("-ERR reply is larger than client_output_limit (pool pool)\r\n", 0)));
    }

    [Test]
    public void ScoresThatMakeTheReplyLargerThanTheLimit_AreAnError()
    {
        _pool.Apply(Model() with { ClientOutputLimit = 100 });
        _client.Request("ZUNION 2 1 1000 WITHSCORES WEIGHTS 0.1 0.1");
        _pool.RunAll();

        Answer("*4\r\n$1\r\na\r\n$1\r\n3\r\n$1\r\nb\r\n$1\r\n3\r\n", "*4\r\n$1\r\nc\r\n$1\r\n3\r\n$1\r\nd\r\n$1\r\n3\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("-ERR reply is larger than client_output_limit (pool pool)\r\n"));
    }

    [Test]
    public void TooManyKeys_AreRefused()
    {
        var keys = string.Join(' ', Enumerable.Repeat("1 1000", 8193));

        _client.Request("PFCOUNT " + keys);

        Assert.That(_client.TakeSent(), Is.EqualTo("-ERR too many keys on several servers (pool pool)\r\n"));
    }

    [Test]
    public void ClientGone_RepliesAreSwallowed()
    {
        _client.Request("SUNION 1 1000");
        _pool.RunAll();
        _client.Leave();

        Answer("*0\r\n", "*0\r\n");

        var other = new TestClient(_pool);
        other.Request("GET 1");
        _pool.RunAll();
        TestConnector.Send(_first, "$1\r\nv\r\n");
        Assert.That((other.TakeSent(), _client.TakeSent()), Is.EqualTo(("$1\r\nv\r\n", "")));
    }

    private static PoolModel Model()
    {
        var model = Pools.Model();
        return model with
        {
            CrossServer = true,
            Distribution = Distribution.Range,
            Partitioning = model.Partitioning with { Distribution = Distribution.Range, By = RangeBy.Number, Bounds = [1000] },
        };
    }

    private static string Requests(string requests) =>
        string.Concat(requests.Split('|').Select(request => Encoding.Latin1.GetString(RespFrame.Request(request.Split(' ')))));

    private void Answer(string first, string second)
    {
        TestConnector.Send(_first, first);
        TestConnector.Send(_second, second);
        _pool.RunAll();
    }
}
