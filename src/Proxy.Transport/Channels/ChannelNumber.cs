using DotNetty.Transport.Channels;

namespace Proxy.Transport.Channels;

/// <summary>
/// The id of a channel: its number in this process, for the logs. (DotNetty's own carries the machine and the process in 28 bytes, and
/// looks for a network card when the first one is made.)
/// </summary>
internal sealed class ChannelNumber : IChannelId
{
    private static long _last;

    private readonly long _number;

    private ChannelNumber(long number) => _number = number;

    /// <summary>The next number.</summary>
    public static ChannelNumber Next() => new(Interlocked.Increment(ref _last));

    /// <inheritdoc/>
    public string AsShortText() => _number.ToString("x8");

    /// <inheritdoc/>
    public string AsLongText() => _number.ToString("x16");

    /// <inheritdoc/>
    public int CompareTo(IChannelId? other) => other is ChannelNumber number ? _number.CompareTo(number._number) : 1;

    /// <inheritdoc/>
    public override int GetHashCode() => _number.GetHashCode();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ChannelNumber number && number._number == _number;

    /// <inheritdoc/>
    public override string ToString() => AsShortText();
}
