using System.Text;
using Proxy.Core.Requests;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Workers;

namespace Proxy.Core.Tests.Requests.Gathering;

/// <summary>What a coalescer makes of servers' replies.</summary>
internal static class Joined
{
    /// <param name="coalescer">Joins.</param>
    /// <param name="replies">One for each server, each whole; empty for a server that failed.</param>
    public static string Of(Coalescer coalescer, params string[] replies)
    {
        var blocks = new BlockPool(new TestLoop().Loop, new MemoryBudget(0));
        var whole = new GatheredRequest(new FreeList<GatheredRequest>(static home => new GatheredRequest(home)));
        whole.Begin(null!, coalescer, long.MaxValue);
        foreach (var reply in replies)
        {
            var fragment = new Fragment(new FreeList<Fragment>(home => new Fragment(home, blocks)), blocks);
            fragment.Begin(whole, 0);
            whole.AddFragment(fragment);
            fragment.Reply.Append(Encoding.Latin1.GetBytes(reply));
        }

        var output = new OutBuffer(blocks);
        coalescer.Write(whole, output);
        return Encoding.Latin1.GetString(output.CopyFirst(new byte[output.Length]));
    }
}
