using System.Text;
using NUnit.Framework;
using Proxy.Core.Configuration.Nodes;
using Proxy.Host.Yaml;

namespace Proxy.Host.Tests.Yaml;

[TestFixture]
internal sealed class YamlReaderTests
{
    private static YamlResult Read(string text) => YamlReader.Read(Encoding.UTF8.GetBytes(text));

    private static string Problem(string text) => Read(text).Problem!.Format("f");

    [Test]
    public void MapOfValuesAndLists_HasEveryPlace()
    {
        var root = (ConfigMap)Read("# first\npools:\n  p:\n    timeout: 400\n    servers:\n      - a:1:1 x\n      - {name: y}\n").Root!;
        var pool = (ConfigMap)((ConfigMap)root.Find("pools")!).Find("p")!;
        var servers = (ConfigSequence)pool.Find("servers")!;

        Assert.That(
            new ConfigNode[] { pool.Entries[0].Key, pool.Find("timeout")!, servers, servers.Items[0], ((ConfigMap)servers.Items[1]).Find("name")! },
            Is.EqualTo(new ConfigNode[]
            {
                new ConfigScalar("timeout", new ConfigMark(4, 5)),
                new ConfigScalar("400", new ConfigMark(4, 14)),
                servers with { Mark = new ConfigMark(6, 7) },
                new ConfigScalar("a:1:1 x", new ConfigMark(6, 9)),
                new ConfigScalar("y", new ConfigMark(7, 16)),
            }));
    }

    [TestCase("a: true", "true")]
    [TestCase("a: \"true\"", "true")]
    [TestCase("a: 'tr''ue'", "tr'ue")]
    [TestCase("a: \"\\x41\\n\"", "A\n")]
    [TestCase("a: b # c", "b")]
    [TestCase("a: ::1:6379:1", "::1:6379:1")]
    [TestCase("a: 1\r\n", "1")]
    [TestCase("a:", "")]
    [TestCase("a: ~", "~")]
    [TestCase("---\na: 1\n...\n", "1")]
    [TestCase("%YAML 1.2\n---\na: 1\n", "1")]
    [TestCase("\ufeffa: 1", "1")]
    [TestCase("a: größe", "größe")]
    [TestCase("{a: 1}", "1")]
    public void Value_IsItsText(string text, string value) =>
        Assert.That(((ConfigMap)Read(text).Root!).Find("a"), Has.Property(nameof(ConfigScalar.Text)).EqualTo(value));

    [Test]
    public void ByteOrderMark_DoesNotMoveColumns() =>
        Assert.That(((ConfigMap)Read("\ufeffa: 1").Root!).Entries[0].Key.Mark, Is.EqualTo(new ConfigMark(1, 1)));

    [Test]
    public void DuplicateKeys_AreKeptForTheValidation() => Assert.That(((ConfigMap)Read("a: 1\na: 2\n").Root!).Entries, Has.Count.EqualTo(2));

    [TestCase("")]
    [TestCase("# nothing\n")]
    [TestCase("\n\n")]
    public void Rejects_NoDocument(string text) => Assert.That(Problem(text), Is.EqualTo("f:1:1: must contain only 1 document; found 0 documents"));

    [Test]
    public void Rejects_TwoDocuments() =>
        Assert.That(Problem("a: 1\n---\nb: 2\n"), Is.EqualTo("f:2:1: must contain only 1 document; a second one begins here"));

    [TestCase("a: *hunter2\n", "an alias (*name) is not allowed; a value that begins with * has to be in quotes")]
    [TestCase("a: &hunter2 1\n", "an anchor (&name) is not allowed; a value that begins with & has to be in quotes")]
    [TestCase("a: !hunter2\n", "a tag (!name) is not allowed; a value that begins with ! has to be in quotes")]
    [TestCase("a: &hunter2 [1]\n", "an anchor (&name) is not allowed; a value that begins with & has to be in quotes")]
    [TestCase("a: &hunter2 {b: 1}\n", "an anchor (&name) is not allowed; a value that begins with & has to be in quotes")]
    public void Rejects_References_WithoutShowingThem(string text, string reason) => Assert.That(Problem(text), Is.EqualTo($"f:1:4: {reason}"));

    [Test]
    public void Rejects_ReferenceAsAKey() =>
        Assert.That(Problem("&a b: 1\n"), Is.EqualTo("f:1:1: an anchor (&name) is not allowed; a value that begins with & has to be in quotes"));

    [TestCase("? [a]\n: b\n")]
    [TestCase("? {a: b}\n: b\n")]
    public void Rejects_KeyThatIsNoSingleValue(string text) => Assert.That(Problem(text), Is.EqualTo("f:1:3: a key has to be a single value"));

    [TestCase('[', ']')]
    [TestCase('[', ' ')]
    public void Rejects_DeepNesting(char open, char close)
    {
        var deep = "a: " + new string(open, 100_000) + new string(close, 100_000);

        Assert.That(Problem(deep), Is.EqualTo("f:1:36: is nested more than 32 levels deep"));
    }

    [Test]
    public void Rejects_TextThatIsNotUtf8() =>
        Assert.That(YamlReader.Read("a: 1\nb: \xff\n"u8.ToArray().Select(value => value == 0xc3 ? (byte)0xff : value).ToArray()).Problem!.Format("f"), Is.EqualTo("f:2:1: is not UTF-8 text"));

    [Test]
    public void Rejects_Utf16() => Assert.That(YamlReader.Read(Encoding.Unicode.GetPreamble()).Problem!.Format("f"), Is.EqualTo("f:1:1: is not UTF-8 text"));

    [TestCase("a:\n\tb: 1\n", 2, 1)]
    [TestCase("a:\n  \tb: 1\n", 2, 3)]
    [TestCase("\ta: 1\n", 1, 1)]
    [TestCase("a: 1\n\t\nb: 2\n", 2, 1)]
    public void Rejects_TabInTheIndentation(string text, int line, int column) =>
        Assert.That(Problem(text), Is.EqualTo($"f:{line}:{column}: a tab in the indentation: YAML takes spaces only"));

    [TestCase("a: 1\t# b\n")]
    [TestCase("\t# b\na: 1\n")]
    [TestCase("a: b\tc\n")]
    public void Accepts_TabsElsewhere(string text) => Assert.That(Read(text).Problem, Is.Null);

    [TestCase("a:\n  b: 1\n c: 2\n", "f:3:2: is not YAML: While parsing a block mapping, did not find expected key")]
    [TestCase("a: [1, 2\n", "f:2:1: is not YAML: While parsing a flow sequence, did not find expected ',' or ']'")]
    [TestCase("a: {b: 1\nc: 2", "f:1:6: is not YAML: a bracket or brace is not closed")]
    [TestCase("a: \"b\n", "f:2:1: is not YAML: While scanning a quoted scalar, found unexpected end of stream")]
    [TestCase("a: \"\\UFFFFFFFF\"\n", "f:1:2: is not YAML: what follows is no valid escape or tag")]
    [TestCase("%TAG ! \nx\n---\na: 1\n", "f:1:1: is not YAML: what follows is no valid escape or tag")]
    [TestCase("a: @b\n", "f:1:5: is not YAML: While scanning for the next token, found character that cannot start any token")]
    public void Rejects_BrokenYaml(string text, string problem) => Assert.That(Problem(text), Is.EqualTo(problem));

    [TestCase("p:\n  listen: [::1]:6380\n")]
    [TestCase("p:\n  servers:\n    - [::1]:6379:1\n")]
    public void Rejects_BracketsWithoutQuotes_WithAHint(string text) =>
        Assert.That(Problem(text), Does.EndWith(" (an address in brackets has to be in quotes, \"[::1]:6379\", or without brackets, ::1:6379)"));

    [TestCase("p:\n  listen:127.0.0.1:6380\n  redis: true\n")]
    [TestCase("p:\n  redis: true\n  listen:127.0.0.1:6380\n")]
    public void Rejects_MissingBlankAfterTheColon_WithAHint(string text) =>
        Assert.That(Problem(text), Does.EndWith(" (is the space after the colon of a key missing?)"));

    [Test]
    public void AnyBrokenText_IsARefusalAndNoException()
    {
        const string whole = "%TAG ! tag:x,2000:\n---\nproxy: {log: {level: 5}}\npools:\n  p:\n    listen: \"[::1]:6380\\U00000041\" # c\n    hash_tag: '{}'\n    servers:\n    - a:1:1 x\n    - |\n      b\n    - ? c\n";
        const string pieces = "{}[]:,-?&*!|>'\"%@` \n\t#x0\u0085\u2028\0\ufeff";
        var random = new Random(1);
        for (var round = 0; round < 5_000; round++)
        {
            var text = new StringBuilder(whole);
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                text.Insert(random.Next(text.Length), pieces[random.Next(pieces.Length)]);
                text.Remove(random.Next(text.Length), 1);
            }
            var broken = text.ToString();

            Assert.That(() => Read(broken), Throws.Nothing, broken);
        }
    }
}
