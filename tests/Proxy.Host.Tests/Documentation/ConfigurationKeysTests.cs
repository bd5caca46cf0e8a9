using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Proxy.Host.Tests.Documentation;

internal sealed class ConfigurationKeysTests
{
    private const string ProcessTitle = "The process: `proxy:`";
    private const string PoolTitle = "A pool: `pools:`";

    private static readonly string Example = Path.Combine(Readme.Root, "conf", "proxy.yaml");

    [Test]
    public void ReadmeTableOfTheProcess_HasExactlyTheKeysThatAreBound() =>
        Assert.That(KeysIn(ProcessTitle), Is.EquivalentTo(ConfigurationKeys.OfProcess));

    [Test]
    public void ReadmeTablesOfAPool_HaveExactlyTheKeysThatAreBound() =>
        Assert.That(KeysIn(PoolTitle), Is.EquivalentTo(ConfigurationKeys.OfPool));

    [Test]
    public void ReadmeDefaults_AreThoseOfTheExampleFile()
    {
        var written = Defaults(ProcessTitle).Concat(Defaults(PoolTitle)).Where(row => row.Default != "required");
        var expected = ConfigurationKeys.ValuesIn(Example, ofPool: false).Concat(ConfigurationKeys.ValuesIn(Example, ofPool: true))
            .Where(value => value.Key != "listen")
            .ToDictionary();

        // A key without a default stands in the file as a comment.
        Assert.That(written.Select(row => $"{row.Key}: {row.Default}"), Is.EquivalentTo(
            written.Select(row => $"{row.Key}: {expected.GetValueOrDefault(row.Key, "none")}")));
    }

    [Test]
    public void ExampleFile_NamesEveryKey()
    {
        var text = File.ReadAllText(Example);
        var missing = ConfigurationKeys.OfProcess.Concat(ConfigurationKeys.OfPool)
            .Where(key => !key.StartsWith("servers[]", StringComparison.Ordinal) && !Names(text, key));

        Assert.That(missing, Is.Empty);
    }

    private static bool Names(string text, string key) =>
        Regex.IsMatch(text, $@"^ *#?{Regex.Escape(key.Split('.')[^1])}:", RegexOptions.Multiline);

    private static List<string> KeysIn(string title) => [.. Readme.Rows(title).Select(row => Readme.Code(row[0])[0])];

    // | `timeout` | none | meaning |   or   | `backlog` | `512` | meaning |
    private static IEnumerable<(string Key, string Default)> Defaults(string title) =>
        Readme.Rows(title).Select(row => (Readme.Code(row[0])[0], row[1].Trim('`')));
}
