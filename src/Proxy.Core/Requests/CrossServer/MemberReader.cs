using Proxy.Resp;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>
/// Reads the members of a set or sorted set from a server's whole reply, in either version of RESP:
/// <code>
///   members   *2 $1 a $1 b     ~2 $1 a $1 b
///   scores    *4 $1 a $1 1 $1 b $1 2     *2 *2 $1 a ,1 *2 $1 b ,2
/// </code>
/// </summary>
internal ref struct MemberReader
{
    private readonly ReadOnlySpan<byte> _reply;
    private readonly int _source;
    private readonly bool _hasScores;
    private ReplyReader _reader;
    private int _left;
    private int _entry;
    private ReadOnlySpan<byte> _score;

    private MemberReader(ReadOnlySpan<byte> reply, int source, bool hasScores)
    {
        _reply = reply;
        _source = source;
        _hasScores = hasScores;
        _reader = new ReplyReader(reply);
    }

    /// <summary>How many members the reply has.</summary>
    public int Count { get; private set; }

    /// <summary>The last member.</summary>
    public Member Current { get; private set; }

    /// <summary>The last member's score as the server wrote it.</summary>
    public readonly ReadOnlySpan<byte> Score => _score;

    /// <summary>The last member, with its score where there are scores, as it stands in the reply: the offset of its first byte and one after its last.</summary>
    public readonly (int Start, int End) Entry => (_entry, _reader.Position);

    /// <summary>Begins to read.</summary>
    /// <param name="reply">A whole reply that a scanner accepted.</param>
    /// <param name="source">Its number.</param>
    /// <param name="hasScores">Whether each member is followed by its score.</param>
    /// <param name="reader">At the first member.</param>
    /// <returns>False if it is no such reply.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> reply, int source, bool hasScores, out MemberReader reader)
    {
        reader = new MemberReader(reply, source, hasScores);
        if (!reader._reader.TryReadListHeader(out var count) || count < 0)
        {
            return false;
        }

        // In version 2 members and scores are one list.
        reader.Count = hasScores && reader._reader.Type == '$' ? count / 2 : count;
        reader._left = reader.Count;
        return true;
    }

    /// <summary>Reads the next member.</summary>
    /// <returns>False at the end; also if something else stands there: then <see cref="IsWhole"/> is false.</returns>
    public bool TryNext()
    {
        if (_left == 0)
        {
            return false;
        }

        _entry = _reader.Position;
        if (_hasScores && _reader.TryReadArrayHeader(out var pair) && pair != 2)
        {
            return false;
        }

        if (!_reader.TryReadText(out var member))
        {
            return false;
        }

        Current = new Member(_source, _reader.Position - member.Length - 2, member.Length);
        if (_hasScores && !_reader.TryReadDoubleText(out _score))
        {
            return false;
        }

        _left--;
        return true;
    }

    /// <summary>True once all of the reply was read, and was what it should be.</summary>
    public readonly bool IsWhole => _left == 0 && _reader.Position == _reply.Length;
}
