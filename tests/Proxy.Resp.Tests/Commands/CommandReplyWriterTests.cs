using System.Buffers;
using System.Text;
using NUnit.Framework;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;
using Proxy.Resp.Tests.Commands.Learnt;

namespace Proxy.Resp.Tests.Commands;

/// <summary>Replies of Redis 7.0.15, byte for byte; the whole table is compared with a live server by the integration tests.</summary>
internal sealed class CommandReplyWriterTests
{
    private const string GetInfo2 =
        "*10 $3 get :2 *2 +readonly +fast :1 :1 :1 *3 +@read +@string +@fast *0 *1 *6 $5 flags *2 +RO +access $12 begin_search *4 $4 type $5 index "
        + "$4 spec *2 $5 index :1 $9 find_keys *4 $4 type $5 range $4 spec *6 $7 lastkey :0 $7 keystep :1 $5 limit :0 *0 ";

    private const string GetInfo3 =
        "*10 $3 get :2 ~2 +readonly +fast :1 :1 :1 ~3 +@read +@string +@fast ~0 ~1 %3 $5 flags ~2 +RO +access $12 begin_search %2 $4 type $5 index "
        + "$4 spec %1 $5 index :1 $9 find_keys %2 $4 type $5 range $4 spec %3 $7 lastkey :0 $7 keystep :1 $5 limit :0 ~0 ";

    private const string ClientIdInfo2 = "*10 $9 client|id :2 *3 +noscript +loading +stale :0 :0 :0 *2 +@slow +@connection *0 *0 *0 ";

    private const string ModGetInfo =
        "*10 $7 mod.get :2 *2 +readonly +module :0 :0 :0 *1 +@read *0 *1 *6 $5 flags *2 +RO +access $12 begin_search *4 $4 type $5 index $4 spec *2 "
        + "$5 index :1 $9 find_keys *4 $4 type $5 range $4 spec *6 $7 lastkey :0 $7 keystep :1 $5 limit :0 *0 ";

    [TestCase("COMMAND COUNT", 2, ":240 ")]
    [TestCase("COMMAND INFO get", 2, "*1 " + GetInfo2)]
    [TestCase("COMMAND INFO GET", 3, "*1 " + GetInfo3)]
    [TestCase("COMMAND INFO nosuch get", 2, "*2 $-1 " + GetInfo2)]
    [TestCase("COMMAND INFO nosuch", 3, "*1 _ ")]
    [TestCase("COMMAND INFO client|id", 2, "*1 " + ClientIdInfo2)]
    [TestCase("COMMAND INFO client|setinfo", 2, "*1 $-1 ")]
    [TestCase("COMMAND LIST FILTERBY PATTERN ge?", 2, "*1 $3 get ")]
    [TestCase("COMMAND LIST FILTERBY PATTERN CONFIG|*ET", 2, "*2 $10 config|get $10 config|set ")]
    [TestCase("COMMAND LIST FILTERBY MODULE x", 2, "*0 ")]
    [TestCase("COMMAND LIST FILTERBY ACLCAT nosuch", 2, "*0 ")]
    [TestCase("COMMAND LIST FILTERBY ACLCAT @read", 2, "*0 ")]
    [TestCase("COMMAND LIST x", 2, "-ERR syntax error ")]
    [TestCase("COMMAND LIST FILTERBY PATTERN", 2, "-ERR syntax error ")]
    [TestCase("COMMAND LIST FILTERBY FOO x", 2, "-ERR syntax error ")]
    [TestCase("COMMAND LIST FILTERBY PATTERN a FILTERBY PATTERN b", 2, "-ERR syntax error ")]
    [TestCase("COMMAND DOCS nosuch", 2, "*0 ")]
    [TestCase("COMMAND DOCS nosuch", 3, "%0 ")]
    [TestCase("COMMAND GETKEYS mset a 1 b 2", 2, "*2 $1 a $1 b ")]
    [TestCase("COMMAND GETKEYSANDFLAGS sort a store b", 3, "*2 *2 $1 a ~2 +RO +access *2 $1 b ~2 +OW +update ")]
    public void Request_Answered(string line, int protocol, string reply) => Assert.That(Reply(line, protocol), Is.EqualTo(reply));

    [Test]
    public void DocsOfGet_AsTheServerHasThem()
    {
        const string Expected = "*2 $3 get *10 $7 summary $22 Get the value of a key $5 since $5 1.0.0 $5 group $6 string $10 complexity $4 O(1) "
            + "$9 arguments *1 *6 $4 name $3 key $4 type $3 key $14 key_spec_index :0 ";
        Assert.That(Reply("COMMAND DOCS get", 2), Is.EqualTo(Expected));
    }

    [Test]
    public void DocsWithHistoryAndFlags_AreSetsInVersion3()
    {
        var reply = Reply("COMMAND DOCS expire", 3);
        Assert.That(reply, Does.Contain("$7 history ~1 *2 $5 7.0.0 $").And.Contain("$5 flags ~1 +optional "));
    }

    [Test]
    public void CommandAlone_ShowsAllCommandsOfTheServer() => Assert.That(Reply("COMMAND", 2), Does.StartWith("*240 *10 $3 acl :-2 "));

    [Test]
    public void Help_HasTheServersLines() => Assert.That(Reply("COMMAND HELP", 2), Does.StartWith("*21 +COMMAND <subcommand> "));

    [Test]
    public void List_HasCommandsAndSubcommandsOfTheServer() => Assert.That(Reply("COMMAND LIST", 2), Does.StartWith("*366 $3 acl $7 acl|cat "));

    [Test]
    public void OtherCommand_IsAnError() =>
        Assert.That(() => Reply("PING", 2), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase("COMMAND COUNT", 2, ":242 ")]
    [TestCase("COMMAND INFO MOD.GET", 2, "*1 " + ModGetInfo)]
    [TestCase("COMMAND INFO mod.c|get nosuch", 3, "*2 *10 $9 mod.c|get :3 ~1 +readonly :0 :0 :0 ~1 +@read ~0 ~0 ~0 _ ")]
    [TestCase("COMMAND LIST FILTERBY PATTERN m?d.*", 2, "*3 $5 mod.c $9 mod.c|get $7 mod.get ")]
    [TestCase("COMMAND DOCS mod.get", 2, "*2 $7 mod.get *2 $5 group $6 module ")]
    [TestCase("COMMAND DOCS mod.c", 3, "%1 $5 mod.c %2 $5 group $7 generic $11 subcommands %1 $9 mod.c|get %1 $5 group $7 generic ")]
    [TestCase("COMMAND GETKEYS mod.get a", 2, "*1 $1 a ")]
    [TestCase("COMMAND GETKEYSANDFLAGS mod.get a", 2, "*1 *2 $1 a *2 +RO +access ")]
    [TestCase("COMMAND GETKEYS mod.get", 2, "-ERR Invalid number of arguments specified for command ")]
    public void RequestAboutCommandsOfServers_Answered(string line, int protocol, string reply)
    {
        var report = CommandReport.Read(Told.Reply(
            Told.Command("mod.get", "readonly module", [Told.Keys(1)], arity: 2),
            Told.Command("mod.c", arity: -2, subcommands: [Told.Command("mod.c|get", arity: 3)])));

        Assert.That(Reply(line, protocol, LearntCommands.Of([report])), Is.EqualTo(reply));
    }

    [Test]
    public void ContainerWithAFurtherSubcommand_ShowsItToo()
    {
        var report = CommandReport.Read(Told.Reply(Told.Command("memory", subcommands: [Told.Command("memory|peek")])));

        Assert.That(
            Reply("COMMAND INFO memory", 2, LearntCommands.Of([report])),
            Does.Contain("*7 *10 $13 memory|doctor ").And.EndsWith("*10 $11 memory|peek :-1 *1 +readonly :0 :0 :0 *1 +@read *0 *0 *0 "));
    }

    // Blanks stand for CRLF.
    private static string Reply(string line, int protocol) => Reply(line, protocol, LearntCommands.None);

    private static string Reply(string line, int protocol, LearntCommands learnt)
    {
        var request = TestRequest.Parse(line);
        CommandTable.Resolve(request.Frame, out var command);
        var output = new ArrayBufferWriter<byte>();
        CommandReplyWriter.Write(command!.Local, learnt, request.Frame, protocol, new KeyPositions(), output);
        return Encoding.Latin1.GetString(output.WrittenSpan).Replace("\r\n", " ");
    }
}
