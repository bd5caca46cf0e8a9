using System.Globalization;
using System.Text;

namespace Proxy.Core.Topology;

/// <summary>A script that was loaded through the proxy, so that it can be loaded again where it is missing.</summary>
internal sealed class KeptScript
{
    /// <summary>Bytes that it costs beside its text, about.</summary>
    private const int Overhead = 256;

    private readonly int _textAt;
    private long _usedMs;

    /// <param name="id">See <see cref="Id"/>.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="epoch">See <see cref="Epoch"/>.</param>
    /// <param name="text">The script; copied.</param>
    public KeptScript(long id, ScriptDigest digest, int epoch, ReadOnlySpan<byte> text)
    {
        Id = id;
        Digest = digest;
        Epoch = epoch;
        var header = string.Create(CultureInfo.InvariantCulture, $"*3\r\n$6\r\nSCRIPT\r\n$4\r\nLOAD\r\n${text.Length}\r\n");
        _textAt = header.Length;
        LoadRequest = [.. Encoding.ASCII.GetBytes(header), .. text, .. "\r\n"u8];
    }

    /// <summary>Unique in its library, also among those that were dropped.</summary>
    public long Id { get; }

    /// <summary>Its name in requests.</summary>
    public ScriptDigest Digest { get; }

    /// <summary>How often the library had been cleared when it was made.</summary>
    public int Epoch { get; }

    /// <summary>SCRIPT LOAD with its text, as a server is sent it. Nobody changes it.</summary>
    public byte[] LoadRequest { get; }

    /// <summary>Its text.</summary>
    public ReadOnlySpan<byte> Text => LoadRequest.AsSpan(_textAt..^2);

    /// <summary>Bytes that it counts for.</summary>
    public int Size => LoadRequest.Length + Overhead;

    /// <summary>When it was last asked for, in <see cref="Environment.TickCount64"/>. Any thread.</summary>
    public long UsedMs
    {
        get => Volatile.Read(ref _usedMs);
        set => Volatile.Write(ref _usedMs, value);
    }
}
