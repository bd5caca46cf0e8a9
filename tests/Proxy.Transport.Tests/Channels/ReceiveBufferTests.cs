using DotNetty.Buffers;
using NUnit.Framework;
using Proxy.Transport.Channels;

namespace Proxy.Transport.Tests.Channels;

/// <summary>Everything that a handler can do with a buffer, beside one of DotNetty's own.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReceiveBufferTests
{
    private const int Size = 1024;

    private readonly ReceiveBufferPool _pool = new(Size);
    private ReceiveBuffer _before = null!;
    private ReceiveBuffer _buffer = null!;
    private ReceiveBuffer _behind = null!;
    private IByteBuffer _expected = null!;

    [SetUp]
    public void Fill()
    {
        _before = _pool.Rent();
        _buffer = _pool.Rent();
        _behind = _pool.Rent();
        foreach (var neighbour in new[] { _before, _behind })
        {
            neighbour.SetZero(0, Size);
        }

        var bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
        _buffer.WriteBytes(bytes);
        _expected = Unpooled.CopiedBuffer(bytes);
    }

    [TearDown]
    public void Check()
    {
        Assert.That(ToArray(_buffer), Is.EqualTo(ToArray(_expected)));
        Assert.That(_before.GetIoBuffer(0, Size).Concat(_behind.GetIoBuffer(0, Size)), Has.All.Zero, "the neighbours");
    }

    [Test]
    public void Numbers_AreReadAsByAnyBuffer([Values(0, 1, Size - 8)] int index)
    {
        Same(buffer => buffer.GetByte(index));
        Same(buffer => buffer.GetShort(index));
        Same(buffer => buffer.GetShortLE(index));
        Same(buffer => buffer.GetUnsignedShort(index));
        Same(buffer => buffer.GetMedium(index));
        Same(buffer => buffer.GetMediumLE(index));
        Same(buffer => buffer.GetUnsignedMedium(index));
        Same(buffer => buffer.GetUnsignedMediumLE(index));
        Same(buffer => buffer.GetInt(index));
        Same(buffer => buffer.GetIntLE(index));
        Same(buffer => buffer.GetLong(index));
        Same(buffer => buffer.GetLongLE(index));
    }

    [Test]
    public void Numbers_AreWrittenAsByAnyBuffer([Values(0, 1, Size - 8)] int index)
    {
        const long Number = unchecked((long)0x8123456789abcdefUL);
        Both(buffer => buffer.SetByte(index, unchecked((byte)Number)));
        Both(buffer => buffer.SetShort(index, unchecked((short)Number)));
        Both(buffer => buffer.SetShortLE(index + 1, unchecked((short)Number)));
        Both(buffer => buffer.SetMedium(index + 2, 0x89abcd));
        Both(buffer => buffer.SetMediumLE(index + 3, 0x89abcd));
        Both(buffer => buffer.SetInt(index + 4, unchecked((int)Number)));
        Both(buffer => buffer.SetIntLE(index + 3, 0x1abcdef2));
        Check();
        Both(buffer => buffer.SetLong(index, Number));
        Check();
        Both(buffer => buffer.SetLongLE(index, Number));
    }

    [Test]
    public void Bytes_AreCopiedAsByAnyBuffer()
    {
        Same(buffer => Copied(array => buffer.GetBytes(10, array, 5, 100)));
        Same(buffer => Copied(array => buffer.GetBytes(10, Unpooled.WrappedBuffer(array), 5, 100)));
        Same(buffer => Copied(array => buffer.GetBytes(10, new MemoryStream(array), 100)));
        Same(buffer => ToArray(buffer.Copy(10, 100)));
        Same(buffer => ToArray(buffer.Slice(10, 100)));
        Same(buffer => buffer.IndexOf(0, Size, buffer.GetByte(Size / 2)));
        Same(buffer => buffer.ToString(20, 100, System.Text.Encoding.Latin1));
        Same(buffer => buffer.GetIoBuffer(10, 100).ToArray());
        Same(buffer => buffer.GetIoBuffers(10, 100).Single().ToArray());
    }

    [Test]
    public async Task Bytes_AreTakenOverAsByAnyBuffer()
    {
        var source = new byte[100];
        new Random(2).NextBytes(source);
        Both(buffer => buffer.SetBytes(10, source, 20, 50));
        Both(buffer => buffer.SetBytes(100, Unpooled.WrappedBuffer(source), 20, 50));
        Both(buffer => buffer.SetZero(200, 50));
        Assert.That(await _buffer.SetBytesAsync(300, new MemoryStream(source), 200, default), Is.EqualTo(100));
        await _expected.SetBytesAsync(300, new MemoryStream(source), 200, default);
    }

    [Test]
    public unsafe void Address_IsThatOfTheFirstByte()
    {
        Assert.That(((byte*)_buffer.AddressOfPinnedMemory())[7], Is.EqualTo(_buffer.GetByte(7)));
        Assert.That(_buffer.Array[_buffer.ArrayOffset + 7], Is.EqualTo(_buffer.GetByte(7)));
        Assert.That(_buffer.GetPinnableMemoryAddress(), Is.EqualTo(_buffer.GetByte(0)));
    }

    [Test]
    public void BeyondItsEnd_IsRefused([Values(-1, Size - 3, Size)] int index)
    {
        Assert.Catch<IndexOutOfRangeException>(() => _buffer.GetInt(index));
        Assert.Catch<IndexOutOfRangeException>(() => _buffer.SetInt(index, 1));
        Assert.Catch<IndexOutOfRangeException>(() => _buffer.GetBytes(index, new byte[4]));
        Assert.Catch<IndexOutOfRangeException>(() => _buffer.SetBytes(index, new byte[4]));
        Assert.Catch<IndexOutOfRangeException>(() => _buffer.SetZero(index, 4));
        Assert.Catch<IndexOutOfRangeException>(() => _buffer.Copy(index, 4));
        Assert.Catch<IndexOutOfRangeException>(() => _buffer.GetIoBuffer(index, 4));
    }

    [Test]
    public void ReadPartly_TheRestMovesToTheFront()
    {
        Both(buffer => buffer.SkipBytes(100).DiscardReadBytes());
        Assert.That(_buffer.WritableBytes, Is.EqualTo(100));
    }

    private static byte[] ToArray(IByteBuffer buffer) => [.. buffer.GetIoBuffer()];

    private static byte[] Copied(Action<byte[]> copy)
    {
        var array = new byte[200];
        copy(array);
        return array;
    }

    private void Same<T>(Func<IByteBuffer, T> look) => Assert.That(look(_buffer), Is.EqualTo(look(_expected)));

    private void Both(Action<IByteBuffer> change)
    {
        change(_buffer);
        change(_expected);
    }
}
