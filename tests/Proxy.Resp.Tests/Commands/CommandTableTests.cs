using System.Text;
using NUnit.Framework;
using Proxy.Resp.Commands;
using Proxy.Testing;

namespace Proxy.Resp.Tests.Commands;

internal sealed class CommandTableTests
{
    private static IEnumerable<CommandInfo> Roots => CommandTable.Set.Roots;

    private static IEnumerable<CommandInfo> Subcommands => CommandTable.All.Where(command => command.Row.Container is not null);

    [TestCaseSource(nameof(Roots))]
    public void NameInAnyCase_Found(CommandInfo command)
    {
        foreach (var name in Cases(command.Name))
        {
            Assert.That(CommandTable.Find(Encoding.ASCII.GetBytes(name)), Is.SameAs(command), name);
        }
    }

    [TestCaseSource(nameof(Subcommands))]
    public void SubcommandInAnyCase_Found(CommandInfo command)
    {
        var container = CommandTable.Find(Encoding.ASCII.GetBytes(command.Row.Container!))!;
        foreach (var name in Cases(command.ShortName))
        {
            Assert.That(container.FindSubcommand(Encoding.ASCII.GetBytes(name)), Is.SameAs(command), name);
        }
    }

    [Test]
    public void FullNames_FindCommandsAndSubcommands()
    {
        foreach (var command in CommandTable.All)
        {
            Assert.That(CommandTable.FindFullName(Encoding.ASCII.GetBytes(command.Name.ToUpperInvariant())), Is.SameAs(command));
        }
    }

    [Test]
    public void NamesThatDifferInOneBit_NotFound()
    {
        var known = CommandTable.All.Select(command => command.Name).ToHashSet();
        foreach (var command in CommandTable.Set.Roots)
        {
            for (var bit = 0; bit < 8 * command.Name.Length; bit++)
            {
                var name = Encoding.Latin1.GetBytes(command.Name);
                name[bit / 8] ^= (byte)(1 << (bit % 8));
                var folded = Encoding.Latin1.GetString(name).ToLowerInvariant();
                var expected = name.All(value => value < 128) && known.Contains(folded);
                Assert.That(CommandTable.Find(name) is not null, Is.EqualTo(expected), folded);
            }
        }
    }

    [TestCase("")]
    [TestCase("nosuch")]
    [TestCase("ge")]
    [TestCase("gett")]
    [TestCase("get ")]
    [TestCase("get\0")]
    [TestCase("\0get")]
    [TestCase("client|setname")]
    [TestCase("georadiusbymember_r0")]
    [TestCase("\u0130NFO")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void UnknownName_NotFound(string name) => Assert.That(CommandTable.Find(Encoding.UTF8.GetBytes(name)), Is.Null);

    [TestCase("")]
    [TestCase("|")]
    [TestCase("client|")]
    [TestCase("|setname")]
    [TestCase("client|setname|x")]
    [TestCase("get|x")]
    public void UnknownFullName_NotFound(string name) => Assert.That(CommandTable.FindFullName(Encoding.UTF8.GetBytes(name)), Is.Null);

    [Test]
    public void Lookup_AllocatesNothing()
    {
        var request = TestRequest.Parse("CLIENT setName x");
        Assert.That(Allocations.Of(() => CommandTable.Resolve(request.Frame, out _)), Is.Zero);
    }

    [Test]
    public void Indexes_AreDenseAndInTheOrderOfAll()
    {
        Assert.That(CommandTable.All.Select(command => command.Index), Is.EqualTo(Enumerable.Range(0, CommandTable.Count)));
    }

    [Test]
    public void Source_IsTheServerOfTheDistribution() => Assert.That(CommandTable.SourceVersion, Is.EqualTo("7.0.15"));

    [TestCase("get k", CommandLookup.Found, "get")]
    [TestCase("get", CommandLookup.WrongArity, "get")]
    [TestCase("get a b", CommandLookup.WrongArity, "get")]
    [TestCase("mget", CommandLookup.WrongArity, "mget")]
    [TestCase("nosuch a", CommandLookup.UnknownCommand, null)]
    [TestCase("client setname x", CommandLookup.Found, "client|setname")]
    [TestCase("CLIENT SETNAME x y", CommandLookup.WrongArity, "client|setname")]
    [TestCase("client nosuch x", CommandLookup.UnknownSubcommand, "client")]
    [TestCase("client", CommandLookup.WrongArity, "client")]
    [TestCase("command", CommandLookup.Found, "command")]
    [TestCase("command nosuch", CommandLookup.UnknownSubcommand, "command")]
    [TestCase("command getkeys get", CommandLookup.WrongArity, "command|getkeys")]
    [TestCase("client setinfo lib-name x", CommandLookup.Found, "client|setinfo")]
    public void Request_Resolved(string line, CommandLookup lookup, string? name)
    {
        var found = CommandTable.Resolve(TestRequest.Parse(line).Frame, out var command);
        Assert.That((found, command?.Name), Is.EqualTo((lookup, name)));
    }

    [TestCase("mget", 1)]
    [TestCase("mset", 2)]
    [TestCase("ping", 0)]
    public void KeyStep_IsTheDistanceOfKeys(string name, int step) =>
        Assert.That(CommandTable.Find(Encoding.ASCII.GetBytes(name))!.KeyStep, Is.EqualTo(step));

    [TestCase("get", true, false)]
    [TestCase("set", false, true)]
    [TestCase("ping", false, false)]
    public void ReadsAndWrites_AreTold(string name, bool reads, bool writes)
    {
        var command = CommandTable.Find(Encoding.ASCII.GetBytes(name))!;
        Assert.That((command.IsReadOnly, command.IsWrite), Is.EqualTo((reads, writes)));
    }

    [Test]
    public void Policies_AreReadFromTheTips()
    {
        var command = CommandTable.Find("del"u8)!;
        Assert.That((command.RequestPolicy, command.ResponsePolicy), Is.EqualTo((RequestPolicy.MultiShard, ResponsePolicy.AggSum)));
    }

    private static IEnumerable<string> Cases(string name)
    {
        yield return name;
        yield return name.ToUpperInvariant();
        yield return string.Concat(name.Select((letter, at) => at % 2 == 0 ? char.ToUpperInvariant(letter) : letter));
    }
}
