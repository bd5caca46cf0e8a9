namespace Proxy.Transport.IoUring;

/// <summary>
/// The 64 bits by which the system names an operation: the number of its channel (<see cref="Channels.ChannelSlots{T}"/>), whose index leaves
/// four bits free, and its kind.
/// </summary>
internal static class UserData
{
    private const int KindShift = 28;
    private const ulong KindMask = 0xful << KindShift;

    /// <summary>The operation of that kind of the channel of that number.</summary>
    public static ulong Of(OperationKind kind, ulong number = 0) => number | ((ulong)kind << KindShift);

    /// <summary>The kind of the operation.</summary>
    public static OperationKind Kind(ulong userData) => (OperationKind)((userData & KindMask) >> KindShift);

    /// <summary>The number of its channel.</summary>
    public static ulong Number(ulong userData) => userData & ~KindMask;
}
