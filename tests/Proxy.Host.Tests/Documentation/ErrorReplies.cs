using System.Buffers;
using System.Reflection;
using System.Text;
using Proxy.Resp;

namespace Proxy.Host.Tests.Documentation;

/// <summary>Every error line of <see cref="Replies"/>. What a line takes from its surroundings is shown by the parameter's name in capitals.</summary>
internal static class ErrorReplies
{
    private delegate ReadOnlySpan<byte> Fixed();

    private delegate ReadOnlySpan<byte> OfProblem(RequestProblem problem);

    private delegate ReadOnlySpan<byte> OfByte(byte found);

    private delegate void OfRequest(IBufferWriter<byte> output, in RequestFrame request);

    private delegate void OfFailure(IBufferWriter<byte> output, ServerFailure failure, string first, string second);

    private delegate void OfText(IBufferWriter<byte> output, string first);

    private delegate void OfTexts(IBufferWriter<byte> output, string first, string second);

    private delegate void OfBytes(IBufferWriter<byte> output, ReadOnlySpan<byte> first);

    private delegate void OfTwoBytes(IBufferWriter<byte> output, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second);

    private delegate void OfBytesAndText(IBufferWriter<byte> output, ReadOnlySpan<byte> first, string second);

    private delegate void OfBytesAndTexts(IBufferWriter<byte> output, ReadOnlySpan<byte> first, string second, string third);

    /// <summary>The texts without the leading <c>-</c> and the line end: <c>ERR syntax error</c>.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(Replies).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .SelectMany(Lines)
            .Where(line => line.StartsWith('-'))
            .Select(line => line[1..].Trim())
            .Distinct(),
    ];

    private static IEnumerable<string> Lines(MethodInfo method)
    {
        if (As<OfProblem>(method) is { } ofProblem)
        {
            return Enum.GetValues<RequestProblem>().Select(problem => Text(ofProblem(problem)));
        }

        if (As<OfFailure>(method) is { } ofFailure)
        {
            return Enum.GetValues<ServerFailure>().Select(failure => Written(output => ofFailure(output, failure, Name(method, 2), Name(method, 3))));
        }

        return [Line(method)];
    }

    private static string Line(MethodInfo method)
    {
        if (As<Fixed>(method) is { } constant)
        {
            return Text(constant());
        }

        if (As<OfByte>(method) is { } ofByte)
        {
            return Text(ofByte((byte)'X'));
        }

        return Written(output => Write(method, output));
    }

    private static void Write(MethodInfo method, IBufferWriter<byte> output)
    {
        if (As<OfRequest>(method) is { } ofRequest)
        {
            ofRequest(output, new RequestFrame("*2\r\n$7\r\nCOMMAND\r\n$8\r\nARGUMENT\r\n"u8, [new(4, 8, 7), new(17, 21, 8)]));
        }
        else if (As<OfText>(method) is { } ofText)
        {
            ofText(output, Name(method, 1));
        }
        else if (As<OfTexts>(method) is { } ofTexts)
        {
            ofTexts(output, Name(method, 1), Name(method, 2));
        }
        else if (As<OfBytes>(method) is { } ofBytes)
        {
            ofBytes(output, Bytes(method, 1));
        }
        else if (As<OfTwoBytes>(method) is { } ofTwoBytes)
        {
            ofTwoBytes(output, Bytes(method, 1), Bytes(method, 2));
        }
        else if (As<OfBytesAndText>(method) is { } ofBytesAndText)
        {
            ofBytesAndText(output, Bytes(method, 1), Name(method, 2));
        }
        else if (As<OfBytesAndTexts>(method) is { } ofBytesAndTexts)
        {
            ofBytesAndTexts(output, Bytes(method, 1), Name(method, 2), Name(method, 3));
        }
        else
        {
            throw new NotSupportedException($"no way to call Replies.{method.Name} here: give it a delegate");
        }
    }

    private static T? As<T>(MethodInfo method)
        where T : Delegate
        => (T?)Delegate.CreateDelegate(typeof(T), method, throwOnBindFailure: false);

    // serverText is SERVER_TEXT
    private static string Name(MethodInfo method, int parameter) =>
        string.Concat(method.GetParameters()[parameter].Name!.Select(letter => char.IsAsciiLetterUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));

    private static byte[] Bytes(MethodInfo method, int parameter) => Encoding.ASCII.GetBytes(Name(method, parameter));

    private static string Text(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(line);

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Text(output.WrittenSpan);
    }
}
