using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Limits;

/// <summary>Limits on requests under way: of one client, of one connection to a server.</summary>
public sealed class QueueLimitTests
{
    private readonly ManualResetEventSlim _gate = new();
    private ScriptedServer _server = null!;

    [SetUp]
    public void StartServer()
    {
        _gate.Reset();
        _server = ScriptedServer.Start(connection =>
        {
            // Reads on while nothing is answered, so that the test sees how far the proxy goes.
            var answered = 0;
            connection.AnswerAll(request =>
            {
                if (!_gate.IsSet)
                {
                    answered++;
                    return null;
                }

                var late = answered;
                answered = 0;
                return string.Concat(Enumerable.Repeat("+late\r\n", late)) + $"+{request[^1]}\r\n";
            });
        });
    }

    [TearDown]
    public void EndServer()
    {
        _gate.Set();
        _server.Dispose();
    }

    [OneTimeTearDown]
    public void DisposeGate() => _gate.Dispose();

    [Test]
    public void PipelineLimit_ClientWaits_NobodyElseDoes()
    {
        using var proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address], "client_pipeline_limit: 10") with { Keys = ["threads: 1"] });
        using var client = proxy.Connect();
        using var other = proxy.Connect();
        for (var i = 0; i < 100; i++)
        {
            client.SendCommand("GET", $"{i}");
        }

        Eventually.Equal(() => _server.Requests.Count, 10, "ten requests are under way");
        Assert.That(other.Call("PING"), Is.EqualTo("+PONG\r\n"));
        Assert.That(_server.Requests, Has.Count.EqualTo(10));

        _gate.Set();
        other.SendCommand("GET", "other");
        Assert.That(client.ReadReplies(10), Is.EqualTo(string.Concat(Enumerable.Repeat("+late\r\n", 10))));
        Assert.That(client.ReadReplies(90), Is.EqualTo(string.Concat(Enumerable.Range(10, 90).Select(i => $"+{i}\r\n"))));
        Assert.That(other.ReadReply(), Is.EqualTo("+other\r\n"));
    }

    [Test]
    public void PipelineLimit_LongPipeline_AllAnsweredInOrder()
    {
        _gate.Set();
        using var proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address], "client_pipeline_limit: 3"));
        using var client = proxy.Connect();

        client.Send([.. Enumerable.Range(0, 1000).SelectMany(i => RespFrame.Request("GET", $"{i}"))]);

        Assert.That(client.ReadReplies(1000), Is.EqualTo(string.Concat(Enumerable.Range(0, 1000).Select(i => $"+{i}\r\n"))));
    }

    [Test]
    public void ServerQueueLimit_FurtherRequestsFailAtOnce()
    {
        using var proxy = ProxyProcess.Start(
            ProxyFile.Of([_server.Address], "server_queue_limit: 5") with { Keys = ["threads: 1"] });
        using var client = proxy.Connect();
        using var other = proxy.Connect();
        for (var i = 0; i < 5; i++)
        {
            client.SendCommand("GET", $"{i}");
        }

        Eventually.Equal(() => _server.Requests.Count, 5, "five requests are under way");

        Assert.That(other.Call("GET", "one too many"), Is.EqualTo("-ERR server_queue_limit reached (pool main, server shard0)\r\n"));
    }
}
