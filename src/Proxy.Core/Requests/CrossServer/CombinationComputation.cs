using System.Buffers;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>
/// ZUNION and ZINTER. Each key's members come with their scores, since what the scores make depends on the order in which they are added: Redis
/// goes from the smallest set to the largest, and so does this.
/// </summary>
internal sealed class CombinationComputation : Computation
{
    private readonly SortedSetOptions _options;
    private readonly bool _isUnion;
    private readonly ScoreStyle _style;
    private readonly int _respVersion;

    /// <param name="home">The worker's.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="isUnion">ZUNION; else ZINTER.</param>
    /// <param name="style">How the servers write scores.</param>
    /// <param name="respVersion">The client's.</param>
    public CombinationComputation(Computations home, SortedSetOptions options, bool isUnion, ScoreStyle style, int respVersion)
        : base(home)
    {
        _options = options;
        _isUnion = isUnion;
        _style = style;
        _respVersion = respVersion;
    }

    /// <inheritdoc/>
    protected override bool TryCompute(byte[][] replies, IBufferWriter<byte> output)
    {
        if (OrderBySize(replies) is not { } order)
        {
            return false;
        }

        var comparer = new MemberComparer(replies);
        var places = new Dictionary<Member, int>(comparer);
        var entries = new List<Entry>();
        for (var i = 0; i < order.Length; i++)
        {
            if (!TryAdd(replies, order[i], i, places, entries))
            {
                return false;
            }
        }

        if (!_isUnion)
        {
            entries.RemoveAll(entry => entry.Sets < replies.Length);
        }

        entries.Sort((x, y) => x.Score < y.Score ? -1 : x.Score > y.Score ? 1 : comparer.Compare(x.Member, y.Member));
        Write(entries, comparer, output);
        return true;
    }

    private static int[]? OrderBySize(byte[][] replies)
    {
        var sizes = new int[replies.Length];
        for (var i = 0; i < replies.Length; i++)
        {
            if (!MemberReader.TryOpen(replies[i], i, hasScores: true, out var reader))
            {
                return null;
            }

            sizes[i] = reader.Count;
        }

        return [.. Enumerable.Range(0, replies.Length).OrderBy(i => sizes[i])];
    }

    /// <summary>Adds the members of a key.</summary>
    /// <param name="replies">The replies.</param>
    /// <param name="key">Number of the key.</param>
    /// <param name="turn">How many were added before.</param>
    /// <param name="places">Where each member is in <paramref name="entries"/>.</param>
    /// <param name="entries">The members so far.</param>
    private bool TryAdd(byte[][] replies, int key, int turn, Dictionary<Member, int> places, List<Entry> entries)
    {
        if (!MemberReader.TryOpen(replies[key], key, hasScores: true, out var reader))
        {
            return false;
        }

        var weight = _options.Weights is { } weights ? weights[key] : 1;
        while (reader.TryNext())
        {
            if (!ScoreText.TryParse(reader.Score, out var score))
            {
                return false;
            }

            // Infinity times 0 counts as 0; but in ZINTER only for the first of the sets.
            score *= weight;
            if (double.IsNaN(score) && (_isUnion || turn == 0))
            {
                score = 0;
            }

            if (places.TryGetValue(reader.Current, out var place))
            {
                var entry = entries[place];
                if (_isUnion || entry.Sets == turn)
                {
                    entries[place] = entry with { Score = Join(entry.Score, score), Sets = entry.Sets + 1 };
                }
            }
            else if (_isUnion || turn == 0)
            {
                places.Add(reader.Current, entries.Count);
                entries.Add(new Entry(reader.Current, score, 1));
            }
        }

        return reader.IsWhole;
    }

    /// <summary>What two scores make. Not <see cref="Math.Min(double, double)"/> and its like: NaN and the sign of zero are Redis's here.</summary>
    private double Join(double score, double other) => _options.Aggregate switch
    {
        Aggregate.Min => other < score ? other : score,
        Aggregate.Max => other > score ? other : score,
        _ => double.IsNaN(score + other) ? 0 : score + other,
    };

    private void Write(List<Entry> entries, MemberComparer comparer, IBufferWriter<byte> output)
    {
        var isPaired = _options.WithScores && _respVersion >= 3;
        Span<byte> text = stackalloc byte[ScoreText.MaxLength];
        RespWriter.ArrayHeader(output, entries.Count * (_options.WithScores && !isPaired ? 2 : 1));
        foreach (var entry in entries)
        {
            if (isPaired)
            {
                RespWriter.ArrayHeader(output, 2);
            }

            RespWriter.Bulk(output, comparer.Bytes(entry.Member));
            if (_options.WithScores)
            {
                RespWriter.Double(output, text[..ScoreText.Write(entry.Score, _style, text)], _respVersion);
            }
        }
    }

    /// <summary>A member, its score so far, and how many of the sets it was found in.</summary>
    private readonly record struct Entry(Member Member, double Score, int Sets);
}
