using System.Text;
using NUnit.Framework;
using Proxy.Resp.Commands;

namespace Proxy.Resp.Tests.Commands;

internal sealed class CommandOverlayTests
{
    private static readonly CommandFlags Unshareable = CommandFlags.Admin | CommandFlags.PubSub | CommandFlags.Blocking | CommandFlags.Asking;

    private static IEnumerable<CommandVerdict> Rows => CommandOverlay.Rows;

    private static IEnumerable<CommandInfo> Sent => CommandTable.All.Where(command => command.Handling is CommandHandling.Forward or CommandHandling.Split);

    [TestCaseSource(nameof(Rows))]
    public void Row_NamesOneCommand(CommandVerdict row) =>
        Assert.That(CommandTable.All.Count(command => command.Name == row.Name), Is.EqualTo(1));

    [TestCaseSource(nameof(Rows))]
    public void Row_DecidesItsCommand(CommandVerdict row)
    {
        var command = CommandTable.FindFullName(Encoding.ASCII.GetBytes(row.Name))!;
        Assert.That((command.Handling, command.Local, command.Reason), Is.EqualTo((row.Handling, row.Local, row.Reason)));
    }

    [Test]
    public void Rows_NameEachCommandOnce() => Assert.That(CommandOverlay.Rows.Select(row => row.Name), Is.Unique);

    [TestCaseSource(nameof(Rows))]
    public void Row_SaysMoreThanTheRules(CommandVerdict row)
    {
        var command = CommandTable.FindFullName(Encoding.ASCII.GetBytes(row.Name))!;
        Assert.That(row, Is.Not.EqualTo(CommandOverlay.ByRule(command.Row)));
    }

    [Test]
    public void EachLocalAnswer_BelongsToOneCommand()
    {
        // Of what only a cluster has, one error says it all.
        LocalCommand[] shared = [LocalCommand.None, LocalCommand.ClusterDisabled];
        var answers = CommandTable.All.Where(command => !shared.Contains(command.Local)).Select(command => command.Local);
        Assert.That(answers, Is.EquivalentTo(Enum.GetValues<LocalCommand>().Except(shared)));
    }

    [Test]
    public void AnsweredCommands_AndNoOthers_HaveALocalAnswer()
    {
        CommandHandling[] always =
        [
            CommandHandling.Answer, CommandHandling.Session, CommandHandling.Channel, CommandHandling.Join, CommandHandling.Keyspace, CommandHandling.Script,
        ];
        var different = CommandTable.All.Where(command => always.Contains(command.Handling) != (command.Local != LocalCommand.None));
        Assert.That(
            different.Select(command => command.Name).Except(["config|set"]),
            Is.All.StartsWith("pubsub|"),
            "their replies are joined each in its own way, and some arguments are looked at");
    }

    [Test]
    public void SplitCommands_AreThese()
    {
        var split = CommandTable.All.Where(command => command.Handling == CommandHandling.Split).Select(command => command.Name);
        Assert.That(split, Is.EquivalentTo(new[] { "mget", "mset", "del", "unlink", "exists", "touch" }));
    }

    [TestCaseSource(nameof(Sent))]
    public void CommandSentToAServer_HasKeys(CommandInfo command) => Assert.That(command.Row.TakesKeys);

    [TestCaseSource(nameof(Sent))]
    public void CommandSentToAServer_LeavesASharedConnectionAlone(CommandInfo command)
    {
        // Both do nothing but with their key.
        string[] reviewed = ["pfdebug", "restore-asking"];

        Assert.That((command.Flags & Unshareable) == 0 || command.BlocksOnOption || reviewed.Contains(command.Name), $"{command.Flags}");
    }

    [Test]
    public void EveryCommandOfTheServer_HasAMeaning_ButThoseThatTakeTheConnectionOrTheServerAway()
    {
        // A container alone is a wrong number of arguments.
        var refused = CommandTable.All
            .Where(command => command.Handling == CommandHandling.Refuse && (!command.HasSubcommands || command.AcceptsArity(1)))
            .Select(command => command.Name);

        Assert.That(
            refused,
            Is.EquivalentTo(new[] { "failover", "migrate", "psync", "replconf", "replicaof", "script|debug", "shutdown", "slaveof", "sync" }));
    }

    [TestCase("shutdown")]
    [TestCase("migrate")]
    public void CommandForASharedConnectionToFear_Refused(string name) =>
        Assert.That(CommandTable.FindFullName(Encoding.ASCII.GetBytes(name))!.Handling, Is.EqualTo(CommandHandling.Refuse));

    [TestCase("sync")]
    [TestCase("psync")]
    [TestCase("replconf")]
    [TestCase("replicaof")]
    [TestCase("slaveof")]
    [TestCase("failover")]
    [TestCase("shutdown")]
    [TestCase("migrate")]
    [TestCase("script|debug")]
    public void CommandThatTakesTheConnectionOrTheServerAway_RefusedWithOneServerToo(string name) =>
        Assert.That(CommandTable.FindFullName(Encoding.ASCII.GetBytes(name))!.HandlingWith(servers: 1), Is.EqualTo(CommandHandling.Refuse));

    [TestCase("keys")]
    [TestCase("scan")]
    [TestCase("flushall")]
    [TestCase("function|load")]
    [TestCase("config|set")]
    [TestCase("swapdb")]
    public void CommandForServers_WithOneServerIsForwarded(string name) =>
        Assert.That(CommandTable.FindFullName(Encoding.ASCII.GetBytes(name))!.HandlingWith(servers: 1), Is.EqualTo(CommandHandling.FirstServer));

    [TestCase("set", true)]
    [TestCase("eval", true)]
    [TestCase("evalsha", true)]
    [TestCase("fcall", true)]
    [TestCase("publish", true)]
    [TestCase("spublish", true)]
    [TestCase("pfcount", true)]
    [TestCase("eval_ro", false)]
    [TestCase("get", false)]
    public void CommandWhoseEffectReplicasMayHaveToSee_IsKnown(string name, bool mayReplicate) =>
        Assert.That(CommandTable.Find(Encoding.ASCII.GetBytes(name))!.MayReplicate, Is.EqualTo(mayReplicate));

    [Test]
    public void CommandThatTheServerLacks_IsMarked() =>
        Assert.That(
            CommandTable.All.Where(command => command.IsOurs).Select(command => command.Name),
            Is.EquivalentTo(new[] { "client|setinfo", "client|no-touch", "waitaof", "proxy", "proxy|help", "proxy|route", "proxy|servers" }));
}
