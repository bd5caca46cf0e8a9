namespace Proxy.Core.Backends;

/// <summary>
/// The scripts that the server behind one socket is known to have, by their <see cref="Topology.KeptScript.Id"/>. Behind the next socket there
/// may be a server that was started anew and has none. Used on the worker's loop only.
/// </summary>
internal sealed class LoadedScripts
{
    /// <summary>Beyond this many all are forgotten, which costs that they are loaded again: most will not be asked for any more.</summary>
    private const int Limit = 16 * 1024;

    private readonly HashSet<long> _ids = [];

    /// <summary>Whether the server is known to have it.</summary>
    public bool Contains(long script) => _ids.Contains(script);

    /// <summary>The server is being sent it.</summary>
    public void Add(long script)
    {
        if (_ids.Count == Limit)
        {
            _ids.Clear();
        }

        _ids.Add(script);
    }

    /// <summary>The server does not have it.</summary>
    public void Remove(long script) => _ids.Remove(script);

    /// <summary>The server may have none.</summary>
    public void Clear() => _ids.Clear();
}
