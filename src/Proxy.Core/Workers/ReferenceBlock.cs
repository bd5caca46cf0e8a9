namespace Proxy.Core.Workers;

/// <summary>
/// A block without memory of its own: a part of a received buffer, which it keeps from being used again until it is released itself.
/// Nothing is written to it.
/// </summary>
internal sealed class ReferenceBlock : Block
{
    private readonly InputReferences _home;
    private IntPtr _address;

    /// <param name="home">Where it returns to.</param>
    public ReferenceBlock(InputReferences home)
        : base([])
    {
        _home = home;
    }

    /// <summary>What it refers to; null while it is unused.</summary>
    public KeptBuffer? Source { get; private set; }

    /// <summary>Makes it refer to a part of <paramref name="source"/>, of which it holds a count from now on.</summary>
    /// <param name="source">The buffer.</param>
    /// <param name="start">First byte, an index of the buffer's array.</param>
    /// <param name="length">How many bytes.</param>
    public void Refer(KeptBuffer source, int start, int length)
    {
        Renew();
        source.Retain();
        Source = source;
        var buffer = source.Buffer;
        Point(buffer.Array);
        var address = buffer.HasMemoryAddress ? buffer.AddressOfPinnedMemory() : IntPtr.Zero;
        _address = address == IntPtr.Zero ? IntPtr.Zero : address - buffer.ArrayOffset;
        Start = start;
        End = start + length;
        Limit = End;
    }

    /// <summary>Takes on the <paramref name="length"/> bytes that follow its last one in the same buffer.</summary>
    public void Extend(int length)
    {
        End += length;
        Limit = End;
    }

    /// <inheritdoc/>
    public override IntPtr AddressOfPinnedMemory() => _address;

    /// <inheritdoc/>
    protected override void Deallocate()
    {
        var source = Source!;
        Source = null;
        Point([]);
        source.Release();
        _home.Return(this);
    }
}
