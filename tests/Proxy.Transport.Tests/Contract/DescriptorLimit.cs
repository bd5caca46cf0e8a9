using System.Runtime.InteropServices;

namespace Proxy.Transport.Tests.Contract;

/// <summary>While it lives this process gets no further file descriptor (EMFILE), or only a few.</summary>
internal sealed class DescriptorLimit : IDisposable
{
    private const int Descriptors = 7; // RLIMIT_NOFILE

    private readonly Limit _before;
    private readonly List<IDisposable> _fillers = [];

    private DescriptorLimit(int spare)
    {
        _ = GetLimit(Descriptors, out _before);

        // The limit is on the number of a descriptor, so the numbers below it must all be in use.
        var highest = Directory.GetFileSystemEntries("/proc/self/fd").Max(entry => int.Parse(Path.GetFileName(entry))) + 1;
        _ = SetLimit(Descriptors, _before with { Soft = (ulong)highest + 1 });
        try
        {
            while (true)
            {
                _fillers.Add(File.OpenHandle("/dev/null"));
            }
        }
        catch (IOException)
        {
            // None is left.
        }

        _fillers[^spare..].ForEach(filler => filler.Dispose());
    }

    /// <param name="spare">So many may still be taken.</param>
    public static IDisposable NoMore(int spare = 0) => new DescriptorLimit(spare);

    public void Dispose()
    {
        _ = SetLimit(Descriptors, _before);
        _fillers.ForEach(filler => filler.Dispose());
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    private static extern int GetLimit(int resource, out Limit limit);

    [DllImport("libc", EntryPoint = "setrlimit")]
    private static extern int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limit(ulong Soft, ulong Hard);
}
