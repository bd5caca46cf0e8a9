using System.Buffers;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>LCS: both strings, as GET replies them.</summary>
/// <param name="home">The worker's.</param>
/// <param name="options">What was asked for.</param>
/// <param name="respVersion">The client's.</param>
internal sealed class SubsequenceComputation(Computations home, SubsequenceOptions options, int respVersion) : Computation(home)
{
    /// <summary>Pairs of bytes that are compared at once: 1 to 2 ns each, so some 100 µs.</summary>
    private const long FewPairs = 64 * 1024;

    /// <inheritdoc/>
    public override bool TakesErrors => true;

    /// <inheritdoc/>
    protected override bool TakesLong(ReadOnlySpan<Fragment> fragments) => fragments[0].Reply.Length * fragments[1].Reply.Length > FewPairs;

    /// <inheritdoc/>
    protected override bool TryCompute(byte[][] replies, IBufferWriter<byte> output)
    {
        if (TypeErrors.Find(replies, Replies.LcsNotStrings) is { IsEmpty: false } error)
        {
            output.Write(error);
            return true;
        }

        var first = Value(replies[0]);
        var second = Value(replies[1]);
        if (CommonSubsequence.IsTooLarge(first.Length, second.Length))
        {
            output.Write(Replies.LcsTooLarge);
            return true;
        }

        var common = new CommonSubsequence(first, second, hasPath: !options.IsLength);
        if (options.IsLength)
        {
            RespWriter.Integer(output, common.Length);
            return true;
        }

        var text = new byte[common.Length];
        var ranges = common.Trace(text);
        if (options.IsIndexes)
        {
            WriteIndexes(ranges, common.Length, output);
        }
        else
        {
            RespWriter.Bulk(output, text);
        }

        return true;
    }

    /// <summary>What a key holds; nothing if it does not exist.</summary>
    private static ReadOnlyMemory<byte> Value(byte[] reply)
    {
        var reader = new ReplyReader(reply);
        return reader.TryReadText(out var value) ? reply.AsMemory(reader.Position - value.Length - 2, value.Length) : default;
    }

    private void WriteIndexes(List<CommonRange> ranges, int length, IBufferWriter<byte> output)
    {
        ranges.RemoveAll(range => range.Length < options.MinLength);
        RespWriter.MapHeader(output, 2, respVersion);
        RespWriter.Bulk(output, "matches"u8);
        RespWriter.ArrayHeader(output, ranges.Count);
        foreach (var range in ranges)
        {
            RespWriter.ArrayHeader(output, options.WithLengths ? 3 : 2);
            WriteRange(range.First, range.Length, output);
            WriteRange(range.Second, range.Length, output);
            if (options.WithLengths)
            {
                RespWriter.Integer(output, range.Length);
            }
        }

        RespWriter.Bulk(output, "len"u8);
        RespWriter.Integer(output, length);
    }

    private static void WriteRange(int start, int length, IBufferWriter<byte> output)
    {
        RespWriter.ArrayHeader(output, 2);
        RespWriter.Integer(output, start);
        RespWriter.Integer(output, start + length - 1);
    }
}
