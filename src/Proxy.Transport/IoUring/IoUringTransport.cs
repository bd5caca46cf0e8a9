using System.Net;
using DotNetty.Transport.Channels;
using Proxy.Transport.Channels;
using Proxy.Transport.Loops;
using Proxy.Transport.Native;

namespace Proxy.Transport.IoUring;

/// <summary>The transport over io_uring, for a Linux that allows it.</summary>
internal sealed class IoUringTransport : ITransport
{
    private readonly IoUringFeatures _features;
    private readonly IoUringOptions _options;
    private readonly SystemCalls _calls;
    private readonly Func<IoUringRing> _newRing;

    /// <summary>With all that the kernel has.</summary>
    /// <exception cref="PlatformNotSupportedException">io_uring does not work here.</exception>
    public IoUringTransport(IoUringOptions options)
        : this(options, new IoUringFeatures())
    {
    }

    /// <summary>With what both <paramref name="wanted"/> and the kernel have.</summary>
    /// <param name="options">The wait under load.</param>
    /// <param name="wanted">What may be used.</param>
    /// <param name="calls">The system, or one that misbehaves.</param>
    /// <param name="newRing">Makes the ring of a loop; null: as the features say.</param>
    /// <exception cref="PlatformNotSupportedException">io_uring does not work here.</exception>
    public IoUringTransport(
        IoUringOptions options, IoUringFeatures wanted, SystemCalls? calls = null, Func<IoUringFeatures, IoUringRing>? newRing = null)
    {
        var found = IoUringProbe.Availability;
        _features = wanted.And(found.Features ?? throw new PlatformNotSupportedException(found.Reason));
        _options = options;
        _calls = calls ?? SystemCalls.Default;
        _newRing = newRing is null ? () => new IoUringRing(_features) : () => newRing(_features);
    }

    /// <inheritdoc/>
    public string Name => "io_uring";

    /// <inheritdoc/>
    public ChannelOption<bool> UnpromisedWrites => StreamConfiguration.UnpromisedWritesOption;

    /// <inheritdoc/>
    public IEventLoopGroup NewEventLoopGroup(int threads) =>
        new LoopGroup(threads, (group, name) => new IoUringEventLoop(group, name, _features, _options, _newRing, _calls));

    /// <inheritdoc/>
    public IChannel NewSocketChannel(EndPoint remote) => new IoUringSocketChannel(remote, _calls);

    /// <inheritdoc/>
    public IServerChannel NewServerChannel(EndPoint local) => new IoUringServerChannel(local, _calls);
}
