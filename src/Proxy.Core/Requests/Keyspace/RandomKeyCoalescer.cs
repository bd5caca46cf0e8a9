using Proxy.Core.Requests.Gathering;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Keyspace;

/// <summary>
/// The fragments come in pairs: how many keys a server has, and one of them. A server is drawn by its number of keys, so that no key comes more
/// often than another.
/// </summary>
/// <param name="random">What draws.</param>
internal sealed class RandomKeyCoalescer(Random random) : Coalescer
{
    /// <summary>A server that does not tell how many keys it has may still tell one.</summary>
    public override bool TakesErrors => true;

    /// <inheritdoc/>
    public override void Write(GatheredRequest request, OutBuffer output)
    {
        var fragments = request.Fragments;
        var total = 0L;
        for (var i = 0; i < fragments.Length; i += 2)
        {
            if (fragments[i + 1].Reply.FirstSpan is [(byte)'-', ..])
            {
                output.TakeOver(fragments[i + 1].Reply);
                return;
            }

            if (fragments[i].Reply.FirstSpan is not [(byte)'-', ..] && !new ReplyReader(fragments[i].CopyReply()).TryReadInteger(out _))
            {
                output.Append(Replies.UnexpectedFragmentReply);
                return;
            }

            total += Weight(fragments, i);
        }

        var drawn = total == 0 ? 0 : random.NextInt64(total);
        for (var i = 0; i < fragments.Length; i += 2)
        {
            // Without any key the first server's answer says so.
            var weight = Weight(fragments, i);
            if (total == 0 || drawn < weight)
            {
                output.TakeOver(fragments[i + 1].Reply);
                return;
            }

            drawn -= weight;
        }
    }

    /// <summary>A key may expire between the two answers: 0 without one, and at least 1 with one.</summary>
    private static long Weight(ReadOnlySpan<Fragment> fragments, int index)
    {
        Span<byte> begin = stackalloc byte[2];
        var hasKey = fragments[index + 1].Reply.CopyFirst(begin) is [(byte)'$', not (byte)'-'];
        new ReplyReader(fragments[index].CopyReply()).TryReadInteger(out var keys);
        return hasKey ? Math.Max(keys, 1) : 0;
    }
}
