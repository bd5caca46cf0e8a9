using System.Buffers;
using System.Reflection;
using NUnit.Framework;

namespace Proxy.Resp.Tests;

/// <summary>The texts that take values, as Redis 7.0.15 sent them for the same request, and the proxy's own.</summary>
public sealed class RepliesTests
{
    private readonly ArrayBufferWriter<byte> _output = new();

    [SetUp]
    public void SetUp() => _output.Clear();

    [Test]
    public void FixedReplies_EachIsOneReply()
    {
        foreach (var property in typeof(Replies).GetProperties(BindingFlags.Static | BindingFlags.Public))
        {
            var reply = property.GetMethod!.CreateDelegate<Func<ReadOnlySpan<byte>>>()().ToArray();

            var status = new ReplyScanner().Scan(reply, out var consumed);
            Assert.That((status, consumed), Is.EqualTo((ReplyScanStatus.Complete, reply.Length)), property.Name);
        }
    }

    [Test]
    public void ProtocolErrors_EachIsOneReply()
    {
        foreach (var problem in Enum.GetValues<RequestProblem>())
        {
            // Those without a text close silently, or name a byte.
            if (problem is RequestProblem.None or RequestProblem.ExpectedDollar or RequestProblem.TlsClientHello or RequestProblem.HttpRequest)
            {
                continue;
            }

            var reply = Replies.ProtocolError(problem).ToArray();
            var status = new ReplyScanner().Scan(reply, out var consumed);
            Assert.That((status, consumed), Is.EqualTo((ReplyScanStatus.Complete, reply.Length)), problem.ToString());
        }
    }

    [Test]
    public void WrongArity_OfSubcommand_NamesBoth()
    {
        Replies.WrongArity(_output, "config|get");

        AssertOutput("-ERR wrong number of arguments for 'config|get' command\r\n");
    }

    [TestCase("*1\r\n$0\r\n\r\n", "-ERR unknown command '', with args beginning with: \r\n")]
    [TestCase("FOOBAR a b\r\n", "-ERR unknown command 'FOOBAR', with args beginning with: 'a' 'b' \r\n")]
    [TestCase("*2\r\n$3\r\nfoo\r\n$0\r\n\r\n", "-ERR unknown command 'foo', with args beginning with: '' \r\n")]
    [TestCase("*2\r\n$8\r\nFOO\r\nBAR\r\n$4\r\na\r\nb\r\n", "-ERR unknown command 'FOO  BAR', with args beginning with: 'a  b' \r\n")]
    [TestCase("*2\r\n$5\r\nfo\0o1\r\n$3\r\na\0b\r\n", "-ERR unknown command 'fo', with args beginning with: 'a' \r\n")]
    [TestCase("\u00ff \u00fe\r\n", "-ERR unknown command '\u00ff', with args beginning with: '\u00fe' \r\n")]
    public void UnknownCommand_AnyBytes_AsRedis(string request, string reply)
    {
        UnknownCommand(request);

        AssertOutput(reply);
    }

    [Test]
    public void UnknownCommand_LongNameAndArgument_CutTo128()
    {
        UnknownCommand($"{new string('n', 200)} {new string('a', 200)} foo\r\n");

        AssertOutput($"-ERR unknown command '{new string('n', 128)}', with args beginning with: '{new string('a', 128)}' \r\n");
    }

    [Test]
    public void UnknownCommand_ManyArguments_ListCutTo128()
    {
        UnknownCommand($"nnn {new string('a', 100)} {new string('b', 100)} foo\r\n");

        AssertOutput($"-ERR unknown command 'nnn', with args beginning with: '{new string('a', 100)}' '{new string('b', 25)}' \r\n");
    }

    [TestCase("NOSUCH", "NOSUCH")]
    [TestCase("no\r\nsuch", "no  such")]
    [TestCase("no\0such", "no")]
    public void UnknownSubcommand_AnyBytes_AsRedis(string subcommand, string shown)
    {
        Replies.UnknownSubcommand(_output, Cuts.Bytes(subcommand), "client");

        AssertOutput($"-ERR unknown subcommand '{shown}'. Try CLIENT HELP.\r\n");
    }

    [Test]
    public void UnknownSubcommand_Long_CutTo128()
    {
        Replies.UnknownSubcommand(_output, Cuts.Bytes(new string('n', 200)), "client");

        AssertOutput($"-ERR unknown subcommand '{new string('n', 128)}'. Try CLIENT HELP.\r\n");
    }

    [Test]
    public void HelloSyntaxError_LineEnds_AreBlanks()
    {
        Replies.HelloSyntaxError(_output, "JU\r\nNK"u8);

        AssertOutput("-ERR Syntax error in HELLO option 'JU  NK'\r\n");
    }

    [Test]
    public void NoPermission_NamesTheCommand()
    {
        Replies.NoPermission(_output, "flushall");

        AssertOutput("-NOPERM this user has no permissions to run the 'flushall' command\r\n");
    }

    [Test]
    public void NotSupported_NamesTheCommand()
    {
        Replies.NotSupported(_output, "subscribe");

        AssertOutput("-ERR command 'subscribe' is not supported by this proxy\r\n");
    }

    [TestCase(0, "Connection refused")]
    [TestCase(1, "Connection timed out")]
    [TestCase(2, "Connection reset by peer")]
    [TestCase(3, "Connection lost")]
    [TestCase(4, "Host is down")]
    [TestCase(5, "No route to host")]
    [TestCase(6, "Invalid argument")]
    public void Failure_OfEachKind_NamesPoolAndServer(int failure, string text)
    {
        Replies.Failure(_output, (ServerFailure)failure, "sessions", "shard1");

        AssertOutput($"-ERR {text} (pool sessions, server shard1)\r\n");
    }

    [Test]
    public void Failure_NameWithLineEnd_StaysOneLine()
    {
        Replies.Failure(_output, ServerFailure.Refused, "a\r\nb", "\u00fc\n");

        AssertOutput("-ERR Connection refused (pool a  b, server \u00c3\u00bc )\r\n");
    }

    [TestCase("WRONGPASS invalid username-password pair or user is disabled.")]
    [TestCase("WRONGPASS invalid username-password pair or user is disabled.\r\n")]
    public void AuthenticationFailed_QuotesTheServer(string serverText)
    {
        Replies.AuthenticationFailed(_output, Cuts.Bytes(serverText), "sessions", "shard1");

        AssertOutput("-ERR backend authentication failed: WRONGPASS invalid username-password pair or user is disabled. (pool sessions, server shard1)\r\n");
    }

    [Test]
    public void SelectFailed_QuotesTheServer()
    {
        Replies.SelectFailed(_output, "ERR DB index is out of range"u8, "sessions", "shard1");

        AssertOutput("-ERR backend database selection failed: ERR DB index is out of range (pool sessions, server shard1)\r\n");
    }

    [Test]
    public void KeyWithoutNumber_NamesThePool()
    {
        Replies.KeyWithoutNumber(_output, "users");

        AssertOutput("-ERR key has no number and the pool has no 'otherwise' server (pool users)\r\n");
    }

    [Test]
    public void NoLiveServer_NamesThePool()
    {
        Replies.NoLiveServer(_output, "users");

        AssertOutput("-ERR Connection refused (pool users, no live server)\r\n");
    }

    [Test]
    public void QueueFull_NamesPoolAndServer()
    {
        Replies.QueueFull(_output, "users", "shard1");

        AssertOutput("-ERR server_queue_limit reached (pool users, server shard1)\r\n");
    }

    [Test]
    public void ReplyTooLarge_NamesThePool()
    {
        Replies.ReplyTooLarge(_output, "users");

        AssertOutput("-ERR reply is larger than client_output_limit (pool users)\r\n");
    }

    private void UnknownCommand(string request)
    {
        var scanner = new RequestScanner(RequestLimits.Default) { Authenticated = true };
        var bytes = Cuts.Bytes(request);
        scanner.Scan(bytes);
        Replies.UnknownCommand(_output, scanner.Frame(bytes));
    }

    private void AssertOutput(string wire) => Assert.That(Cuts.Text(_output.WrittenSpan), Is.EqualTo(wire));
}
