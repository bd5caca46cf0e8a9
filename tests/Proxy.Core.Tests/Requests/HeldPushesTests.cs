using NUnit.Framework;
using Proxy.Core.Requests;

namespace Proxy.Core.Tests.Requests;

/// <summary>Pushes that belong behind a reply which is not out yet.</summary>
public sealed class HeldPushesTests
{
    private TestClient _client = null!;

    [SetUp]
    public void Track()
    {
        _client = new TestClient(new TestPool());
        _client.BeginTracking();
    }

    [TearDown]
    public void NothingIsLeft()
    {
        _client.Leave();
        Assert.That(_client.EarlyBytes, Is.Zero);
    }

    [Test]
    public void PushBehindAnAnsweredRequest_GoesOutAtOnce()
    {
        var first = Begin(out var place);
        Answer(first, "+1\r\n");

        _client.Push(place, ">1\r\n+a\r\n"u8);

        Assert.That(_client.TakeSent(), Is.EqualTo("+1\r\n>1\r\n+a\r\n"));
    }

    [Test]
    public void PushBehindAnEarlyReply_WaitsForItAndNotForThoseBehind()
    {
        var first = Begin(out _);
        var second = Begin(out var place);
        var third = Begin(out _);
        Answer(second, "+2\r\n");
        _client.Push(place, ">1\r\n+a\r\n"u8);
        Answer(third, "+3\r\n");
        Assert.That(_client.TakeSent(), Is.Empty);

        Answer(first, "+1\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("+1\r\n+2\r\n>1\r\n+a\r\n+3\r\n"));
    }

    [Test]
    public void PushBehindAReplyThatIsNotThere_WaitsForIt()
    {
        var first = Begin(out _);
        var second = Begin(out var place);
        _client.Push(place, ">1\r\n"u8, "+a\r\n"u8);
        Answer(first, "+1\r\n");
        Assert.That(_client.TakeSent(), Is.EqualTo("+1\r\n"));

        Answer(second, "+2\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("+2\r\n>1\r\n+a\r\n"));
    }

    [Test]
    public void PushesOfSeveralPlaces_KeepTheirPlaces()
    {
        var requests = Enumerable.Range(0, 4).Select(_ => (Request: Begin(out var place), Place: place)).ToArray();
        foreach (var i in new[] { 3, 1, 2, 1, 0 })
        {
            _client.Push(requests[i].Place, [(byte)'>', (byte)('0' + i), (byte)'\n']);
        }

        foreach (var (request, _) in requests)
        {
            Answer(request, "+\n");
        }

        Assert.That(_client.TakeSent(), Is.EqualTo("+\n>0\n+\n>1\n>1\n+\n>2\n+\n>3\n"));
    }

    [Test]
    public void PushWithoutAPlaceWhileAReplyIsPartlyOut_WaitsForItsEnd()
    {
        var first = Begin(out _);
        first.Append("$4\r\nab"u8);
        _client.Push(">1\r\n+a\r\n"u8);
        Assert.That(_client.TakeSent(), Is.EqualTo("$4\r\nab"));

        Answer(first, "cd\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("cd\r\n>1\r\n+a\r\n"));
    }

    private static void Answer(PendingRequest request, string reply)
    {
        request.Append(System.Text.Encoding.ASCII.GetBytes(reply));
        request.Finish();
    }

    private PendingRequest Begin(out long place)
    {
        var request = _client.Pending.Begin(_client, command: null);
        place = _client.LastPlace;
        return request;
    }
}
