namespace Proxy.Transport.Tests.Contract;

/// <summary>The sockets that this process has open.</summary>
internal static class Descriptors
{
    public static int CountSockets() => Directory.GetFileSystemEntries("/proc/self/fd").Count(IsSocket);

    private static bool IsSocket(string entry)
    {
        try
        {
            return new FileInfo(entry).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false; // closed since it was listed
        }
    }
}
