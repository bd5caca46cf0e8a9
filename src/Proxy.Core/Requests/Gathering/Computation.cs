using System.Buffers;
using Proxy.Core.Metrics;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Gathering;

/// <summary>
/// A coalescer that computes: it has to see all of the replies, and may take long. Short ones it joins at once, long ones on the thread pool,
/// so that the loop's other clients do not wait. One for each request.
/// </summary>
internal abstract class Computation : Coalescer
{
    /// <summary>Bytes of replies below this are joined on the loop: members of ten bytes take some 100 ns each, so this a few 100 µs.</summary>
    private const int ShortLength = 32 * 1024;

    /// <summary>
    /// How much more a computation holds than it is given: a copy in one piece, a table of the members (some 30 bytes for each, which has ten
    /// and more in the reply), and what it makes.
    /// </summary>
    private const int MemoryFactor = 5;

    private readonly Computations _home;
    private ArrayBufferWriter<byte>? _reply;
    private ClientSession? _client;

    /// <param name="home">The worker's.</param>
    protected Computation(Computations home)
    {
        _home = home;
    }

    /// <summary>Joins the replies now, or has that begun.</summary>
    /// <param name="request">All its replies are there, and its client.</param>
    /// <returns>True if <see cref="GatheredRequest.Complete"/> follows on the worker's loop; nothing may touch the request until then.</returns>
    public bool Begin(GatheredRequest request)
    {
        _client = request.Client!;
        var length = 0L;
        foreach (var fragment in request.Fragments)
        {
            length += fragment.Reply.Length;
        }

        if (length <= ShortLength && !TakesLong(request.Fragments))
        {
            Run(request);
            return false;
        }

        if (_home.Memory.IsExhausted)
        {
            _client.Counters.RequestFailed(RequestErrorReason.MemoryLimit);
            _reply = new ArrayBufferWriter<byte>();
            _reply.Write(Replies.MemoryLimit);
            return false;
        }

        _home.Start(length * MemoryFactor, () => Run(request), request.Complete);
        return true;
    }

    /// <inheritdoc/>
    public override void Write(GatheredRequest request, OutBuffer output)
    {
        if (_reply is null)
        {
            output.Append(Replies.UnexpectedFragmentReply);
        }
        else if (_reply.WrittenCount > request.Limit)
        {
            _client!.Counters.RequestFailed(RequestErrorReason.TooLarge);
            Replies.ReplyTooLarge(output, _client.Model.Name);
        }
        else
        {
            output.Append(_reply.WrittenSpan);
        }
    }

    /// <summary>Whether short replies as well may take long.</summary>
    protected virtual bool TakesLong(ReadOnlySpan<Fragment> fragments) => false;

    /// <summary>Writes the reply. On any thread; it must not touch what belongs to the worker.</summary>
    /// <param name="replies">What the servers replied, in the order of the fragments.</param>
    /// <param name="output">The reply.</param>
    /// <returns>False if the replies are not what they should be; what was written does not count then.</returns>
    protected abstract bool TryCompute(byte[][] replies, IBufferWriter<byte> output);

    private void Run(GatheredRequest request)
    {
        if (request.Client is null)
        {
            // It left while others were computed. If it is just leaving, the work is for nothing, and that is all.
            return;
        }

        var fragments = request.Fragments;
        var replies = new byte[fragments.Length][];
        for (var i = 0; i < replies.Length; i++)
        {
            replies[i] = fragments[i].CopyReply();
        }

        var reply = new ArrayBufferWriter<byte>();
        _reply = TryCompute(replies, reply) ? reply : null;
    }
}
