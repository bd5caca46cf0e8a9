using System.Text;
using NUnit.Framework;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Resp.Tests.Commands.Learnt;

internal sealed class ReportReaderTests
{
    [Test]
    public void ElementOfRedis7_ReadWhole()
    {
        const string Tips = "nondeterministic_output request_policy:all_shards";
        var told = Told.Command("Json.Get", "readonly module", [Told.Keys(1, lastKey: -2, step: 3)], -2, "@read @json", Tips, (1, -2, 3));

        var row = Read(told).Single();

        Assert.That((row.Name, row.Arity, row.First, row.Last, row.Step), Is.EqualTo(("json.get", -2, 1, -2, 3)));
        Assert.That(row.Flags, Is.EqualTo(CommandFlags.ReadOnly | CommandFlags.Module));
        Assert.That(row.FlagNames, Is.EqualTo(new[] { "readonly", "module" }));
        Assert.That(row.Categories, Is.EqualTo(new[] { "@read", "@json" }));
        Assert.That(row.RequestPolicy, Is.EqualTo(RequestPolicy.AllShards));
        var spec = row.KeySpecs.Single();
        Assert.That(spec.Flags, Is.EqualTo(KeySpecFlags.ReadsOnly | KeySpecFlags.Access));
        Assert.That((spec.BeginSearch.Index, spec.FindKeys.LastKey, spec.FindKeys.KeyStep), Is.EqualTo((1, -2, 3)));
    }

    [TestCase("*6\r\n$5\r\nmod.a\r\n:2\r\n*1\r\n+readonly\r\n:1\r\n:1\r\n:1\r\n", 1, 0, TestName = "ElementOfRedis5")]
    [TestCase("*7\r\n$5\r\nmod.a\r\n:2\r\n*1\r\n+readonly\r\n:2\r\n:5\r\n:3\r\n*1\r\n+@read\r\n", 2, 3, TestName = "ElementOfRedis6")]
    [TestCase("*7\r\n$5\r\nmod.a\r\n:2\r\n*1\r\n+readonly\r\n:1\r\n:-1\r\n:1\r\n*0\r\n", 1, -1, TestName = "ElementOfRedis6WithKeysToTheEnd")]
    public void OlderElement_ItsRangeIsItsKeySpecification(string element, int first, int lastKey)
    {
        var spec = Read(element).Single().KeySpecs.Single();

        Assert.That((spec.BeginSearch.Index, spec.FindKeys.LastKey), Is.EqualTo((first, lastKey)));
        const KeySpecFlags Everything = KeySpecFlags.ReadsAndWrites | KeySpecFlags.Access | KeySpecFlags.Update;
        Assert.That(spec.Flags, Is.EqualTo(Everything), "nobody tells what is done with them");
    }

    [Test]
    public void OlderElementWithoutKeys_HasNoKeySpecification() =>
        Assert.That(Read("*6\r\n$5\r\nmod.a\r\n:2\r\n*0\r\n:0\r\n:0\r\n:0\r\n").Single().KeySpecs, Is.Empty);

    [Test]
    public void CommandsOfTheTable_LeftOut() =>
        Assert.That(
            Read(Told.Command("GET"), Told.Command("client", subcommands: [Told.Command("client|id")]), Told.Command("mod.a")).Select(row => row.Name),
            Is.EqualTo(new[] { "mod.a" }));

    [Test]
    public void Subcommands_AreRowsOfTheirOwn()
    {
        var rows = Read(
            Told.Command("mod.c", subcommands: [Told.Command("mod.c|get", keys: [Told.Keys(2)]), Told.Command("mod.c|set")]),
            Told.Command("memory", subcommands: [Told.Command("memory|usage"), Told.Command("memory|new")]));

        Assert.That(rows.Select(row => row.Name), Is.EqualTo(new[] { "mod.c", "mod.c|get", "mod.c|set", "memory|new" }));
        Assert.That(rows[1].Container, Is.EqualTo("mod.c"));
    }

    [TestCase("$0\r\n\r\n")]
    [TestCase("$5\r\na b.c\r\n")]
    [TestCase("$6\r\nmod\r\na\r\n")]
    [TestCase("$4\r\nm\u00e9.a\r\n")]
    [TestCase("$7\r\nmod.a|b\r\n")]
    [TestCase("$-1\r\n")]
    [TestCase(":1\r\n")]
    [TestCase("*0\r\n")]
    public void NameThatIsNone_ElementLeftOut(string name) =>
        Assert.That(
            Read($"*6\r\n{name}:2\r\n*0\r\n:0\r\n:0\r\n:0\r\n", Told.Command("mod.b")).Select(row => row.Name),
            Is.EqualTo(new[] { "mod.b" }));

    [Test]
    public void VeryLongName_ElementLeftOut() => Assert.That(Read(Told.Command(new string('a', 65))), Is.Empty);

    [TestCase("mod.c|")]
    [TestCase("mod.d|x")]
    [TestCase("mod.cc|x")]
    [TestCase("mod.c|x|y")]
    [TestCase("x")]
    public void SubcommandOfAnotherContainer_LeftOut(string name) =>
        Assert.That(Read(Told.Command("mod.c", subcommands: [Told.Command(name)])).Select(row => row.Name), Is.EqualTo(new[] { "mod.c" }));

    [Test]
    public void SubcommandsOfSubcommands_LeftOut() =>
        Assert.That(
            Read(Told.Command("mod.c", subcommands: [Told.Command("mod.c|a", subcommands: [Told.Command("mod.c|b")])])).Select(row => row.Name),
            Is.EqualTo(new[] { "mod.c", "mod.c|a" }));

    [TestCase("-ERR unknown command\r\n")]
    [TestCase("-NOPERM this user has no permissions to run the 'command' command\r\n")]
    [TestCase("*-1\r\n")]
    [TestCase("*0\r\n")]
    [TestCase("*1\r\n*-1\r\n")]
    [TestCase("*1\r\n*1\r\n$5\r\nmod.a\r\n")]
    [TestCase("*2\r\n:1\r\n$5\r\nmod.a\r\n")]
    [TestCase("*1\r\n*6\r\n$5\r\nmod.a\r\n:2\r\n:1\r\n:2\r\n:3\r\n$1\r\n4\r\n")]
    [TestCase("%1\r\n+a\r\n+b\r\n")]
    public void ReplyThatTellsOfNoCommand_NothingIsRead(string reply) => Assert.That(ReportReader.Read(Encoding.Latin1.GetBytes(reply)), Is.Empty);

    [TestCase(0)]
    [TestCase(2_000_000)]
    [TestCase(-2_000_000)]
    public void ArityThatIsNone_IsAnyNumber(int arity) => Assert.That(Read(Told.Command("mod.a", arity: arity)).Single().Arity, Is.EqualTo(-1));

    [Test]
    public void WordsThatCannotBeToldToClients_LeftOut()
    {
        var row = Read(Told.Command("mod.a", flags: $"readonly f\u00fcr {new string('x', 49)} newflag")).Single();

        Assert.That(row.FlagNames, Is.EqualTo(new[] { "readonly", "newflag" }));
        Assert.That(row.Flags, Is.EqualTo(CommandFlags.ReadOnly));
    }

    [Test]
    public void UnknownPolicy_IsSpecial() =>
        Assert.That(Read(Told.Command("mod.a", tips: "response_policy:agg_median")).Single().ResponsePolicy, Is.EqualTo(ResponsePolicy.Special));

    [Test]
    public void VeryManyCommands_OnlySoManyAreKept() =>
        Assert.That(
            Read([.. Enumerable.Range(0, ReportReader.MaxRows + 10).Select(i => Told.Command($"m{i}"))]),
            Has.Count.EqualTo(ReportReader.MaxRows));

    [Test]
    public void VeryManyTexts_OnlySoManyAreKept()
    {
        var flags = string.Join(' ', Enumerable.Repeat(new string('f', 48), 64));

        var rows = Read([.. Enumerable.Range(0, 1000).Select(i => Told.Command($"m{i}", flags))]);

        Assert.That(
            rows.Sum(row => row.FlagNames.Sum(flag => flag.Length)),
            Is.LessThanOrEqualTo(ReportReader.MaxTexts).And.GreaterThan(ReportReader.MaxTexts / 2));
    }

    [Test]
    public void SameNameTwice_FirstCounts() =>
        Assert.That(Read(Told.Command("mod.a", "write"), Told.Command("MOD.A", "readonly")).Single().Flags, Is.EqualTo(CommandFlags.Write));

    [Test]
    public void AnyReply_ReadWithoutAnException()
    {
        var random = new Random(7);
        for (var i = 0; i < 3000; i++)
        {
            var reply = Told.Reply(Mutated(random), Told.Command("mod.z"));
            if (new ReplyScanner().Scan(reply, out var used) != ReplyScanStatus.Complete || used != reply.Length)
            {
                continue;
            }

            Assert.That(() => ReportReader.Read(reply), Throws.Nothing, Encoding.Latin1.GetString(reply));
        }
    }

    // An element with some of its lines replaced by others: counts that are wrong, other types, odd numbers.
    private static string Mutated(Random random)
    {
        string[] others =
        [
            "*0", "*1", "*2", "*3", "*-1", ":0", ":-1", ":9223372036854775807", ":-9223372036854775808", "+x", "$-1", "_", "%1", "~2", "-ERR x",
        ];
        string[] keys = [Told.Keys(1), Told.KeyNum(2), Told.KeysAfter("K", 1)];
        var command = Told.Command("mod.a", keys: keys, tips: "a b", subcommands: [Told.Command("mod.a|b")]);
        var lines = command.Split("\r\n");
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            lines[random.Next(lines.Length - 1)] = others[random.Next(others.Length)];
        }

        return string.Join("\r\n", lines);
    }

    private static IReadOnlyList<CommandRow> Read(params string[] commands) => ReportReader.Read(Told.Reply(commands));
}
