using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Gathering;

/// <summary>
/// Which keys of a request belong to which of its fragments, of which each shard has one. Scratch of one worker: what it says holds until the
/// next request.
/// </summary>
/// <param name="fragments">The worker's.</param>
internal sealed class FragmentKeys(FreeList<Fragment> fragments)
{
    /// <summary>Scratch for more keys than this is not kept for the next request.</summary>
    private const int MaxKept = 64 * 1024;

    private readonly List<Chain> _chains = [];
    private int[] _fragmentOfShard = [];
    private int[] _next = [];

    /// <summary>Adds a fragment to a request for each shard that one of its keys lives on.</summary>
    /// <param name="whole">The request.</param>
    /// <param name="snapshot">What is routed by.</param>
    /// <param name="keys">Which arguments are keys; each is on a shard.</param>
    /// <param name="frame">The request's bytes.</param>
    public void Assign(GatheredRequest whole, PoolSnapshot snapshot, KeyPositions keys, in RequestFrame frame)
    {
        if (_fragmentOfShard.Length < snapshot.Shards.Length)
        {
            _fragmentOfShard = new int[snapshot.Shards.Length];
        }

        if (_next.Length < keys.Count || _next.Length > MaxKept)
        {
            _next = new int[Math.Max(keys.Count, 64)];
        }

        Array.Fill(_fragmentOfShard, -1);
        _chains.Clear();
        for (var key = 0; key < keys.Count; key++)
        {
            var shard = snapshot.Partitioner.Route(frame[keys[key]]);
            var index = _fragmentOfShard[shard];
            if (index < 0)
            {
                index = whole.Fragments.Length;
                _fragmentOfShard[shard] = index;
                var fragment = fragments.Take();
                fragment.Begin(whole, shard);
                whole.AddFragment(fragment);
                _chains.Add(new Chain(key, key));
            }
            else
            {
                _next[_chains[index].Last] = key;
                _chains[index] = _chains[index] with { Last = key };
            }

            whole.AddKey(index);
        }
    }

    /// <summary>Number of the first key of a fragment.</summary>
    public int First(int fragment) => _chains[fragment].First;

    /// <summary>Number of a fragment's next key in the request's order; -1 after the last.</summary>
    public int Next(int fragment, int key) => key == _chains[fragment].Last ? -1 : _next[key];

    /// <summary>The keys of one fragment: from the first over <see cref="_next"/> to the last. A request with a million keys is gone through once.</summary>
    private readonly record struct Chain(int First, int Last);
}
