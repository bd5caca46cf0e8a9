using NUnit.Framework;
using Proxy.CommandGenerator;
using Proxy.Resp.Commands;

namespace Proxy.Resp.Tests.Commands;

internal sealed class ReadmeTableTests
{
    [Test]
    public void Readme_HasTheTableOfTheCommandsAsTheyAre()
    {
        var readme = File.ReadAllText(Repository.Find(AppContext.BaseDirectory).Readme);
        Assert.That(readme, Does.Contain($"<!-- commands -->\n{Table}<!-- /commands -->"), "run src/Proxy.CommandGenerator");
    }

    [Test]
    public void Table_ShowsEachCommandOnce()
    {
        foreach (var command in CommandTable.Set.Roots.Where(command => !command.HasSubcommands))
        {
            var shown = Table.Split("| command | remark |")[0].Split($"`{command.Name.ToUpperInvariant()}`").Length - 1;
            Assert.That(shown, Is.EqualTo(1), command.Name);
        }
    }

    [Test]
    public void TextAroundTheMarkers_Kept()
    {
        var text = ReadmeTable.Replace("before\n<!-- commands -->\nold\n<!-- /commands -->\nafter\n", CommandTable.Set, CommandDocs.Current);
        Assert.That(text, Is.EqualTo($"before\n<!-- commands -->\n{Table}<!-- /commands -->\nafter\n"));
    }

    [Test]
    public void TextWithoutMarkers_GetsThemAtItsEnd()
    {
        var text = ReadmeTable.Replace("before\n", CommandTable.Set, CommandDocs.Current);
        Assert.That(text, Is.EqualTo($"before\n\n<!-- commands -->\n{Table}<!-- /commands -->\n"));
    }

    private static string Table => ReadmeTable.Render(CommandTable.Set, CommandDocs.Current);
}
