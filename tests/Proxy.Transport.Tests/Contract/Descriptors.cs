namespace Proxy.Transport.Tests.Contract;

/// <summary>The descriptors that this process has open.</summary>
internal static class Descriptors
{
    public static int CountSockets() => Count("socket:");

    /// <summary>Those of event loops: epoll instances, rings, and what wakes them up.</summary>
    public static int CountLoops() => Count("anon_inode:");

    private static int Count(string kind) => Directory.GetFileSystemEntries("/proc/self/fd").Count(entry => Is(entry, kind));

    private static bool Is(string entry, string kind)
    {
        try
        {
            return new FileInfo(entry).LinkTarget?.StartsWith(kind, StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false; // closed since it was listed
        }
    }
}
