using NUnit.Framework;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Resp.Tests.Commands.Learnt;

internal sealed class LearntOverlayTests
{
    private static IEnumerable<TestCaseData> Told()
    {
        const string ForAll = "request_policy:all_shards response_policy:all_succeeded";
        const string SumOfAll = "request_policy:all_nodes response_policy:agg_sum";
        string[] key = [Learnt.Told.Keys(1)];
        string[] two = [Learnt.Told.Keys(1), Learnt.Told.Keys(2)];
        string[] apart = [Learnt.Told.Keys(1), Learnt.Told.Keys(3)];
        yield return Case("mod.a", CommandHandling.Forward, CommandHandling.Forward, key)
            .SetName("OneKey");
        yield return Case("mod.a", CommandHandling.Forward, CommandHandling.Forward, key, "write admin")
            .SetName("KeyOfAnAdministrativeCommand");
        yield return Case("mod.a", CommandHandling.Block, CommandHandling.Block, key, "write blocking")
            .SetName("BlocksOnAKey");
        yield return Case("mod.a", CommandHandling.Refuse, CommandHandling.FirstServer, [])
            .SetName("NoKey");
        yield return Case("mod.a", CommandHandling.Refuse, CommandHandling.Block, [], "blocking")
            .SetName("BlocksWithoutAKey");
        yield return Case("mod.a", CommandHandling.Refuse, CommandHandling.Refuse, key, "pubsub")
            .SetName("Subscribes");
        yield return Case("mod.a", CommandHandling.Refuse, CommandHandling.Refuse, [], "no_auth")
            .SetName("LogsIn");
        yield return Case("mod.a", CommandHandling.Refuse, CommandHandling.Refuse, key, "write asking")
            .SetName("ChangesTheNextCommand");
        yield return Case("newcmd", CommandHandling.Refuse, CommandHandling.Refuse, [], "fast", "@connection")
            .SetName("OfTheConnection");
        yield return Case("newcmd", CommandHandling.Refuse, CommandHandling.Refuse, [], "fast", "@transaction")
            .SetName("OfATransaction");
        yield return Case("mod.a", CommandHandling.Refuse, CommandHandling.FirstServer, [], "write movablekeys")
            .SetName("KeysOnlyTheModuleFinds");
        yield return Case("mod.a", CommandHandling.Refuse, CommandHandling.FirstServer, key, "write movablekeys")
            .SetName("MoreKeysThanItTells");
        yield return Case("mod.a", CommandHandling.Forward, CommandHandling.Forward, [Learnt.Told.KeyNum(1)], "write movablekeys")
            .SetName("NumberOfKeys");
        yield return Case("mod.a", CommandHandling.Forward, CommandHandling.Forward, apart, "write movablekeys")
            .SetName("KeysApart");
        yield return Case("mod.a", CommandHandling.Refuse, CommandHandling.FirstServer, two, "write movablekeys")
            .SetName("MoreThanARange");
        yield return Case("mod.a", CommandHandling.Forward, CommandHandling.Forward, two, "write")
            .SetName("Range");
        yield return Case("mod.a", CommandHandling.Refuse, CommandHandling.FirstServer, [Learnt.Told.HiddenKeys()], "write")
            .SetName("HiddenKeys");
        yield return Case("mod.a", CommandHandling.AllServers, CommandHandling.FirstServer, [], "write", tips: ForAll)
            .SetName("ForAllShards");
        yield return Case("mod.a", CommandHandling.AllServers, CommandHandling.FirstServer, [], "write", tips: SumOfAll)
            .SetName("SumOfAllNodes");
        yield return Case("mod.a", CommandHandling.Refuse, CommandHandling.FirstServer, [], "write", tips: "request_policy:all_shards")
            .SetName("ForAllShardsWithoutAPolicyOfItsReply");
        yield return Case("mod.a", CommandHandling.Refuse, CommandHandling.Block, [], "blocking", tips: SumOfAll)
            .SetName("BlocksAtAllShards");
        yield return Case("ft.search", CommandHandling.Refuse, CommandHandling.FirstServer, key)
            .SetName("IndexToldAsAKey");
        yield return Case("_ft.debug", CommandHandling.Refuse, CommandHandling.FirstServer, [])
            .SetName("InternOfAnIndex");
        yield return Case("ft.sugadd", CommandHandling.Forward, CommandHandling.Forward, key)
            .SetName("Suggestions");
        yield return Case("json.mget", CommandHandling.Forward, CommandHandling.Forward, key)
            .SetName("KnownBetter");
        yield return Case("cms.merge", CommandHandling.Forward, CommandHandling.Forward, [], "write denyoom movablekeys")
            .SetName("KnownBetterThoughHidden");
    }

    [TestCaseSource(nameof(Told))]
    public void Handling_FollowsWhatIsTold(string told, CommandHandling handling, CommandHandling alone)
    {
        var command = LearntCommands.Of([CommandReport.Read(Learnt.Told.Reply(told))]).Roots.Single();

        Assert.That((command.HandlingWith(servers: 2), command.HandlingWith(servers: 1)), Is.EqualTo((handling, alone)));
    }

    [TestCase("memory", true)]
    [TestCase("object", true)]
    [TestCase("xinfo", true)]
    [TestCase("client", false)]
    [TestCase("cluster", false)]
    [TestCase("command", false)]
    [TestCase("pubsub", false)]
    [TestCase("proxy", false)]
    [TestCase("get", false)]
    public void ContainersThatTheProxyAnswersFor_TakeNoFurtherSubcommands(string name, bool mayExtend) =>
        Assert.That(LearntOverlay.MayExtend(CommandTable.Find(System.Text.Encoding.ASCII.GetBytes(name))!), Is.EqualTo(mayExtend));

    [TestCase("JSON.MGET a b $", "a b")]
    [TestCase("CMS.MERGE d 2 a b WEIGHTS 1 2", "d a b")]
    [TestCase("TDIGEST.MERGE d 1 a COMPRESSION 5", "d a")]
    [TestCase("TS.CREATERULE a b AGGREGATION avg 1", "a b")]
    [TestCase("TS.DELETERULE a b", "a b")]
    [TestCase("TS.MADD a 1 2 b 1 2", "a b")]
    [TestCase("JSON.MSET a $ 1 b $ 2", "a b")]
    [TestCase("MSETEX 2 a 1 b 2 EX 10", "a b")]
    [TestCase("JSON.DEBUG MEMORY a", "a")]
    [TestCase("HEXPIRE a 1 FIELDS 1 f", "a")]
    [TestCase("VADD a VALUES 1 1 e", "a")]
    public void AllKeys_Found(string line, string expected)
    {
        var request = TestRequest.Parse(line);
        var learnt = LearntCommands.Of([CommandReport.Of([.. LaterCommands.All.Select(later => later.Row)])]);
        Assert.That(learnt.Resolve(new RequestArguments(request.Frame), out var command), Is.EqualTo(CommandLookup.Found));
        var keys = new KeyPositions();

        Assert.That(KeyFinder.Find(command!, request.Frame, keys), Is.EqualTo(KeySearch.Found));

        var words = line.Split(' ');
        Assert.That(string.Join(' ', Enumerable.Range(0, keys.Count).Select(i => words[keys[i]])), Is.EqualTo(expected));
    }

    private static TestCaseData Case(
        string name,
        CommandHandling handling,
        CommandHandling alone,
        string[] keys,
        string flags = "readonly",
        string categories = "@read",
        string tips = "") =>
        new(Learnt.Told.Command(name, flags, keys, -1, categories, tips), handling, alone);
}
