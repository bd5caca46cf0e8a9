using System.Text;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Core.Configuration;
using Proxy.Core.Configuration.Binding;
using Proxy.Core.Configuration.Nodes;
using Proxy.Core.Model;
using Proxy.Host.Yaml;
using Proxy.Resp.Commands;
using Proxy.Testing;

namespace Proxy.Host.Tests.Yaml;

/// <summary>The files in <c>conf/</c> are valid, and <c>conf/proxy.yaml</c> is what it says it is: every key, at its default.</summary>
[TestFixture]
internal sealed partial class ConfFolderTests
{
    // What the file cannot show at a default, as there is none, or as it excludes something else in it.
    private static readonly string[] WithoutDefault =
    [
        "proxy.log.file", "pools.main.hash_tag", "pools.main.timeout", "pools.main.redis_auth", "pools.main.users", "pools.main.range",
        "pools.main.range.by", "pools.main.range.bounds", "pools.main.range.otherwise", "pools.main.slots",
    ];

    private static string Conf => Path.Combine(ProxyProcess.Repository, "conf");

    private static string Reference => Path.Combine(Conf, "proxy.yaml");

    private static IEnumerable<string> AllFiles() =>
        Directory.GetFiles(Conf, "*.y*ml", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Conf, path));

    [TestCaseSource(nameof(AllFiles))]
    public void EveryFile_HasNoErrors(string file) => Assert.That(ConfigFile.Load(Path.Combine(Conf, file)).Errors, Is.Empty);

    [TestCaseSource(nameof(AllFiles))]
    public void EveryFile_HasNoWarningsButThatOfRandom(string file) =>
        Assert.That(
            ConfigFile.Load(Path.Combine(Conf, file)).Warnings,
            file.Contains("random", StringComparison.Ordinal) ? Has.Count.EqualTo(1) : Is.Empty);

    [TestCase("ketama")]
    [TestCase("modula")]
    [TestCase("slots")]
    [TestCase("range")]
    [TestCase("random")]
    public void EveryWayOfPartitioning_HasAnExample(string way)
    {
        var model = ConfigFile.Load(Path.Combine(Conf, "examples", $"{way}.yaml")).Model!;

        Assert.That(model.Pools.Select(pool => pool.Distribution.ToString().ToLowerInvariant()), Is.All.EqualTo(way));
    }

    [Test]
    public void HardenedExample_DeniesCommandsThatThereAre()
    {
        var denied = ConfigFile.Load(Path.Combine(Conf, "examples", "hardened.yaml")).Model!.Pools[0].DenyCommands;

        Assert.That(denied, Is.Not.Empty);
        Assert.That(denied.Where(name => CommandTable.FindFullName(Encoding.ASCII.GetBytes(name)) is null), Is.Empty);
    }

    [Test]
    public void Reference_HasEveryKnownKey()
    {
        var written = KeyLine().Matches(File.ReadAllText(Reference)).Select(match => match.Groups["key"].Value).ToHashSet();
        var known = KnownPaths().Select(path => path.Split('.')[^1]).Where(key => !key.Contains('['));

        Assert.That(known.Where(key => !written.Contains(key)), Is.Empty);
    }

    [Test]
    public void Reference_HasEveryKeyWithADefaultNotCommentedOut()
    {
        var present = PathsOf((ConfigMap)YamlReader.Read(File.ReadAllBytes(Reference)).Root!, "").ToHashSet();
        var missing = KnownPaths().Where(path => !path.Contains('[') && !present.Contains(path));

        Assert.That(missing, Is.EquivalentTo(WithoutDefault));
    }

    [Test]
    public void Reference_PoolIsAtItsDefaults()
    {
        var pool = ConfigFile.Load(Reference).Model!.Pools.Single();
        var least = Least("pools:\n  main:\n    listen: 127.0.0.1:6380\n    servers: [127.0.0.1:7001:1 shard1, 127.0.0.1:7002:1 shard2]\n").Pools.Single();

        Assert.That(Comparable(pool), Is.EqualTo(Comparable(least)));
    }

    [Test]
    public void Reference_ProcessIsAtItsDefaults()
    {
        var process = ConfigFile.Load(Reference).Model!.Process;
        var least = Least("pools:\n  p:\n    listen: 127.0.0.1:6380\n    servers: [a:1:1 x]\n").Process;

        Assert.That(process with { AdminIsDefault = true, StatsIsDefault = true }, Is.EqualTo(least));
    }

    [Test]
    public void Reference_EveryKeyThatIsCommentedOut_IsValidWhereItStands()
    {
        using var folder = new TempFolder();
        var all = CommentedKey().Replace(File.ReadAllText(Reference), "${blanks}${key}");
        var errors = ConfigFile.Load(folder.Write("all.yaml", all)).Errors.Select(line => line.Split(": ", 2)[1]);

        Assert.That(
            errors,
            Is.EqualTo(new[]
            {
                "pools.main.range: directive \"range\" is only valid with distribution range",
                "pools.main.slots: directive \"slots\" is only valid with distribution slots",
            }));
    }

    private static ProxyModel Least(string text)
    {
        using var folder = new TempFolder();
        return ConfigFile.Load(folder.Write("least.yaml", text)).Model!;
    }

    // Records compare members; lists and sets among them compare as texts here.
    private static string Comparable(PoolModel pool) =>
        string.Join('\n', typeof(PoolModel).GetProperties().Select(property => $"{property.Name} = {Text(property.GetValue(pool))}"));

    private static string Text(object? value) => value switch
    {
        System.Collections.IEnumerable items and not string => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
        Partitioning.PartitionerOptions options => string.Join('\n', typeof(Partitioning.PartitionerOptions).GetProperties().Select(property => $"{property.Name}: {Text(property.GetValue(options))}")),
        _ => value?.ToString() ?? "-",
    };

    private static IEnumerable<string> KnownPaths()
    {
        var context = new BindingContext(new ConfigProblems());
        ProxyBinder.Bind(YamlReader.Read(File.ReadAllBytes(Reference)).Root!, context);
        return context.KnownPaths;
    }

    private static IEnumerable<string> PathsOf(ConfigMap map, string above) => map.Entries.SelectMany(entry =>
    {
        var path = above + entry.Key.Text;
        return entry.Value is ConfigMap below ? PathsOf(below, path + ".").Prepend(path) : [path];
    });

    [GeneratedRegex(@"^ *#?(?<key>[a-z_0-9]+):", RegexOptions.Multiline)]
    private static partial Regex KeyLine();

    [GeneratedRegex(@"^(?<blanks> *)#(?<key>[a-z_0-9]+:)", RegexOptions.Multiline)]
    private static partial Regex CommentedKey();
}
