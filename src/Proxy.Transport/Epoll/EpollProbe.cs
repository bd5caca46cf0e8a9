using System.Runtime.InteropServices;

namespace Proxy.Transport.Epoll;

/// <summary>Tells whether the epoll transport works here: on every 64-bit Linux whose structures it knows.</summary>
internal static class EpollProbe
{
    /// <summary>The answer, with the reason if it is no.</summary>
    public static TransportAvailability Run()
    {
        if (!OperatingSystem.IsLinux())
        {
            return TransportAvailability.No("epoll is Linux's, and this is another system");
        }

        return RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64
            ? TransportAvailability.Yes("epoll works")
            : TransportAvailability.No($"the epoll transport knows x86-64 and arm64, not {RuntimeInformation.ProcessArchitecture}");
    }
}
