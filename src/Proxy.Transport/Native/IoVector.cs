using System.Runtime.InteropServices;

namespace Proxy.Transport.Native;

/// <summary><c>struct iovec</c>: a piece of memory to send.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Address;
    public nuint Length;
}
