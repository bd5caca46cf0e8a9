using Proxy.Core.Requests.Gathering;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Scripts;

/// <summary>
/// FUNCTION STATS: a function that runs on one of the servers, and the engines of the server that has the most libraries and functions: all have
/// the same, unless one missed a FUNCTION LOAD.
/// <code>
///   %2 +running_script … +engines %1 $3 LUA %2 +libraries_count :1 +functions_count :2        version 2: arrays
/// </code>
/// </summary>
internal sealed class FunctionStatsCoalescer : Coalescer
{
    /// <inheritdoc/>
    public override bool NeedsAll => false;

    /// <inheritdoc/>
    public override void Write(GatheredRequest request, OutBuffer output)
    {
        byte[]? chosen = null;
        ReadOnlySpan<byte> running = default;
        ReadOnlySpan<byte> engines = default;
        var most = -1L;
        foreach (var fragment in request.Fragments)
        {
            if (!fragment.HasSucceeded)
            {
                continue;
            }

            var reply = fragment.CopyReply();
            if (!TryRead(reply, out var runningHere, out var enginesHere))
            {
                output.Append(Replies.UnexpectedFragmentReply);
                return;
            }

            chosen ??= reply;
            if (running.IsEmpty || (IsNull(running) && !IsNull(runningHere)))
            {
                running = runningHere;
            }

            var count = SumOfIntegers(enginesHere);
            if (count > most)
            {
                most = count;
                engines = enginesHere;
            }
        }

        WriteLike(chosen!, running, engines, output);
    }

    private static void WriteLike(byte[] reply, ReadOnlySpan<byte> running, ReadOnlySpan<byte> engines, OutBuffer output)
    {
        var reader = new ReplyReader(reply);
        reader.TryReadAggregateHeader(out _);
        output.Append(reply.AsSpan(0, reader.Position));
        output.Append(reader.ReadElement());
        output.Append(running);
        _ = reader.ReadElement();
        output.Append(reader.ReadElement());
        output.Append(engines);
    }

    private static bool TryRead(byte[] reply, out ReadOnlySpan<byte> running, out ReadOnlySpan<byte> engines)
    {
        running = default;
        engines = default;
        var reader = new ReplyReader(reply);
        if (!reader.TryReadAggregateHeader(out var elements) || elements != 4)
        {
            return false;
        }

        _ = reader.ReadElement();
        running = reader.ReadElement();
        _ = reader.ReadElement();
        engines = reader.ReadElement();
        return true;
    }

    private static bool IsNull(ReadOnlySpan<byte> element) => element is [(byte)'_', ..] or [_, (byte)'-', ..];

    private static long SumOfIntegers(ReadOnlySpan<byte> element)
    {
        var sum = 0L;
        var reader = new ReplyReader(element);
        while (!reader.AtEnd)
        {
            if (reader.TryReadInteger(out var value))
            {
                sum += value;
            }
            else if (!reader.TryReadAggregateHeader(out _))
            {
                _ = reader.ReadElement();
            }
        }

        return sum;
    }
}
