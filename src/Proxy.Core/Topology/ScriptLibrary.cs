using System.Collections.Concurrent;

namespace Proxy.Core.Topology;

/// <summary>
/// The scripts that clients of a pool loaded with SCRIPT LOAD. A server that missed it, because it was down or is new, is loaded them before the
/// EVALSHA that needs them. All workers use it; whoever looks for a script takes no lock.
/// </summary>
internal sealed class ScriptLibrary
{
    /// <summary>Bytes that are kept at most, of all scripts of a pool together. Beyond that those go first that were not asked for the longest.</summary>
    public const int Limit = 16 * 1024 * 1024;

    /// <summary>What is left when scripts have to go: not each further one is to look for the oldest again.</summary>
    private const int LimitAfterEviction = Limit / 8 * 7;

    private readonly ConcurrentDictionary<ScriptDigest, KeptScript> _scripts = new();
    private readonly Lock _writing = new();
    private int _bytes;
    private int _epoch;
    private long _lastId;

    /// <summary>Bytes that are kept.</summary>
    public int Bytes => Volatile.Read(ref _bytes);

    /// <summary>The script of that name; null if it is not kept. Does not allocate.</summary>
    /// <param name="name">As EVALSHA has it.</param>
    /// <param name="nowMs"><see cref="Environment.TickCount64"/>: it was asked for then.</param>
    public KeptScript? Find(ReadOnlySpan<byte> name, long nowMs)
    {
        if (Bytes == 0 || !ScriptDigest.TryParse(name, out var digest) || !_scripts.TryGetValue(digest, out var script))
        {
            return null;
        }

        script.UsedMs = nowMs;
        return script;
    }

    /// <summary>Makes of a text what can be kept once a server took it.</summary>
    /// <param name="text">The script; copied.</param>
    /// <returns>Null if it is too large to be kept.</returns>
    public KeptScript? Prepare(ReadOnlySpan<byte> text) => text.Length > LimitAfterEviction / 2
        ? null
        : new KeptScript(Interlocked.Increment(ref _lastId), ScriptDigest.Of(text), Volatile.Read(ref _epoch), text);

    /// <summary>Keeps a script. Not if the library was cleared since it was made: then SCRIPT FLUSH came behind its SCRIPT LOAD.</summary>
    /// <param name="script">What <see cref="Prepare"/> made.</param>
    /// <param name="nowMs"><see cref="Environment.TickCount64"/>.</param>
    public void Keep(KeptScript script, long nowMs)
    {
        lock (_writing)
        {
            if (script.Epoch != _epoch)
            {
                return;
            }

            script.UsedMs = nowMs;
            if (!_scripts.TryAdd(script.Digest, script))
            {
                _scripts[script.Digest].UsedMs = nowMs;
                return;
            }

            _bytes += script.Size;
            if (_bytes > Limit)
            {
                Evict(script);
            }
        }
    }

    /// <summary>SCRIPT FLUSH: no server is to have any.</summary>
    public void Clear()
    {
        lock (_writing)
        {
            _epoch++;
            _bytes = 0;
            _scripts.Clear();
        }
    }

    private void Evict(KeptScript newest)
    {
        foreach (var old in _scripts.Values.Where(script => script != newest).OrderBy(script => script.UsedMs).ThenBy(script => script.Id))
        {
            if (_bytes <= LimitAfterEviction)
            {
                return;
            }

            _scripts.TryRemove(old.Digest, out _);
            _bytes -= old.Size;
        }
    }
}
