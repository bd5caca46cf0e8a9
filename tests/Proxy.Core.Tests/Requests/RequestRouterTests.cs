using System.Text;
using NUnit.Framework;
using Proxy.Resp;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Core.Tests.Requests;

public sealed class RequestRouterTests
{
    [TestCase("*5|$3|SET|$1|k|$100|", "|$2|EX|$2|60|", true)]
    [TestCase("*3|$4|MGET|$1|a|$100|", "|", false)]
    [TestCase("*9|$10|XREADGROUP|$5|GROUP|$1|g|$100|", "|$5|BLOCK|$2|10|$7|STREAMS|$1|s|$1|>|", false)]
    [TestCase("*4|$5|XREAD|$100|", "|$1|s|$1|0|", false)]
    [TestCase("*4|$4|SORT|$1|l|$100|", "|$1|d|", false)]
    public void RequestWhosePayloadIsKeptApart_GoesOutAsItStandsWhereNothingDependsOnIt(string head, string tail, bool forwards)
    {
        var pool = new TestPool();
        var client = new TestClient(pool);
        var scanner = new RequestScanner(new RequestLimits()) { Authenticated = true };
        scanner.Scan(Bytes(head));
        scanner.DetachPayload();
        var bytes = Bytes(head + tail);
        Assert.That(scanner.Scan(bytes), Is.EqualTo(RequestScanStatus.Request));

        Assert.That(pool.Router.Forwards(client, scanner.Frame(bytes)), Is.EqualTo(forwards));
    }

    [Test]
    public void LearntCommandWhosePayloadIsKeptApart_GoesOutAsItStands()
    {
        var pool = new TestPool();
        var spec = new KeySpec(KeySpecFlags.Overwrites, new BeginSearch(BeginSearchKind.Index) { Index = 1 }, new FindKeys(FindKeysKind.Range) { KeyStep = 1 });
        var row = new CommandRow("mod.set", -1) { Flags = CommandFlags.Write, KeySpecs = [spec] };
        pool.Pool.Learn(pool.Pool.Snapshot.Shards[0].Primary, CommandReport.Of([row]));
        var scanner = new RequestScanner(new RequestLimits()) { Authenticated = true };
        scanner.Scan(Bytes("*3|$7|mod.set|$1|k|$100|"));
        scanner.DetachPayload();
        var bytes = Bytes("*3|$7|mod.set|$1|k|$100||");
        Assert.That(scanner.Scan(bytes), Is.EqualTo(RequestScanStatus.Request));

        Assert.That(pool.Router.Forwards(new TestClient(pool), scanner.Frame(bytes)), Is.True);
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text.Replace("|", "\r\n", StringComparison.Ordinal));
}
