using System.Buffers;
using System.Text;
using NUnit.Framework;
using Proxy.CommandGenerator;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Resp.Tests.Commands.Learnt;

internal sealed class LaterCommandsTests
{
    private static readonly LearntCommands Learnt = LearntCommands.Of([CommandReport.Of([.. LaterCommands.All.Select(later => later.Row)])]);

    private static IEnumerable<LaterCommand> All => LaterCommands.All;

    [TestCaseSource(nameof(All))]
    public void Command_IsNotInTheTable(LaterCommand later) =>
        Assert.That(CommandTable.FindFullName(Encoding.ASCII.GetBytes(later.Row.Name)), Is.Null);

    [Test]
    public void Commands_AreListedOnceByGroupAndName()
    {
        Assert.That(All.Select(later => later.Row.Name), Is.Unique);
        var sorted = All.OrderBy(later => later.Group, StringComparer.Ordinal).ThenBy(later => later.Row.Name, StringComparer.Ordinal);
        Assert.That(All, Is.EqualTo(sorted));
    }

    [Test]
    public void Commands_AreAllThatServersTell_NoneIsDropped() =>
        Assert.That(
            Learnt.All.Select(command => command.Name),
            Is.EquivalentTo(All.Select(later => later.Row.Name).Where(name => !name.StartsWith("cluster|", StringComparison.Ordinal))));

    // What the proxy writes is what servers write: the integration tests compare it with a real one.
    [Test]
    public void TableAsAServerTellsIt_ReadAsItIs()
    {
        var told = new ArrayBufferWriter<byte>();
        var rows = Learnt.Roots.Where(root => LearntOverlay.Complete(root.Row) == root.Row).ToList();
        var reply = new CommandReply(told, protocol: 2);
        reply.Array(rows.Count);
        rows.ForEach(row => CommandInfoReply.Write(row, LearntCommands.None, new CommandReply(told, protocol: 2)));

        var read = CommandReport.Read(told.WrittenSpan);

        var all = rows.SelectMany(root => root.Subcommands.Prepend(root)).Select(command => command.Row);
        Assert.That(read.Digest, Is.EqualTo(CommandReport.Of([.. all]).Digest));
    }

    [TestCase("hexpire", CommandHandling.Forward)]
    [TestCase("msetex", CommandHandling.Forward)]
    [TestCase("json.mget", CommandHandling.Forward)]
    [TestCase("vsim", CommandHandling.Forward)]
    [TestCase("ts.mrange", CommandHandling.Refuse)]
    [TestCase("ft.search", CommandHandling.Refuse)]
    [TestCase("hotkeys|start", CommandHandling.Refuse)]
    [TestCase("sflush", CommandHandling.Refuse)]
    public void Command_HandledAsTheReadmeSays(string name, CommandHandling handling) =>
        Assert.That(Learnt.FindFullName(Encoding.ASCII.GetBytes(name))!.Handling, Is.EqualTo(handling));

    [Test]
    public void Readme_HasTheTableOfTheCommandsAsTheyAre()
    {
        var readme = File.ReadAllText(Repository.Find(AppContext.BaseDirectory).Readme);

        Assert.That(
            readme,
            Does.Contain($"<!-- later commands -->\n{LaterReadmeTable.Render()}<!-- /later commands -->"),
            "run src/Proxy.CommandGenerator");
    }

    [Test]
    public void Table_ShowsEachCommandOnce()
    {
        var table = LaterReadmeTable.Render().Split("| command | remark |")[0];

        var titles = All.Select(later => $"`{later.Row.Name.Replace('|', ' ').ToUpperInvariant()}`");
        Assert.That(titles.Select(title => table.Split(title).Length - 1), Is.All.EqualTo(1));
    }
}
