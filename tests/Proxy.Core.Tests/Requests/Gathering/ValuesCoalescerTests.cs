using System.Text;
using DotNetty.Buffers;
using NUnit.Framework;
using Proxy.Core.Requests;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Workers;

namespace Proxy.Core.Tests.Requests.Gathering;

public sealed class ValuesCoalescerTests
{
    private readonly BlockPool _pool = new(new TestLoop().Loop, new MemoryBudget(0));

    [Test]
    public void RepliesOfTwoServers_AreJoinedInTheOrderOfTheKeys()
    {
        var joined = Join([0, 1, 0], ["*2\r\n$1\r\na\r\n$-1\r\n"], ["*1\r\n$1\r\nb\r\n"]);

        Assert.That(joined, Is.EqualTo("*3\r\n$1\r\na\r\n$1\r\nb\r\n$-1\r\n"));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(5)]
    [TestCase(9)]
    [TestCase(11)]
    [TestCase(20_000)]
    [TestCase(20_013)]
    [TestCase(20_015)]
    [TestCase(20_020)]
    public void LargeReplyCutAnywhere_IsJoinedWhole(int cut)
    {
        var reply = $"*3\r\n$20000\r\n{new string('x', 20_000)}\r\n$3\r\nabc\r\n$20000\r\n{new string('y', 20_000)}\r\n";

        Assert.That(Join([0, 0, 0], [reply[..cut], reply[cut..]]), Is.EqualTo(reply));
    }

    [Test]
    public void AnswerWithTheWrongNumberOfValues_IsAnError() =>
        Assert.That(Join([0, 0], ["*1\r\n$1\r\na\r\n"]), Does.StartWith("-ERR"));

    /// <summary>Joins replies that came in the given parts, each in a buffer of its own.</summary>
    private string Join(int[] fragmentOfKey, params string[][] replies)
    {
        var whole = new GatheredRequest(new FreeList<GatheredRequest>(static home => new GatheredRequest(home)));
        whole.Begin(null!, Coalescer.Values, long.MaxValue);
        foreach (var parts in replies)
        {
            var fragment = new Fragment(new FreeList<Fragment>(home => new Fragment(home, _pool)), _pool);
            fragment.Begin(whole, 0);
            whole.AddFragment(fragment);
            foreach (var part in parts)
            {
                Receive(fragment, part);
            }
        }

        foreach (var index in fragmentOfKey)
        {
            whole.AddKey(index);
        }

        var output = new OutBuffer(_pool);
        Coalescer.Values.Write(whole, output);
        var bytes = new byte[output.Length];
        return Encoding.Latin1.GetString(output.CopyFirst(bytes));
    }

    private void Receive(Fragment fragment, string part)
    {
        var buffer = Unpooled.WrappedBuffer(Encoding.Latin1.GetBytes(part));
        using (_pool.References.Read(buffer))
        {
            fragment.Reply.Append(buffer.Array);
        }

        buffer.Release();
    }
}
