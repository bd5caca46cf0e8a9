namespace Proxy.IntegrationTests.Clients;

/// <summary>
/// What may stand at a key that one client alone writes. A write that got an error may or may not have run, so there may be several
/// possibilities until a read tells.
/// </summary>
internal sealed class KeyHistory
{
    private readonly HashSet<string> _possible = [Missing];

    /// <summary>The reply to GET of a key that nobody has set.</summary>
    public const string Missing = "$-1\r\n";

    public void Written(string reply)
    {
        _possible.Clear();
        _possible.Add(reply);
    }

    public void PerhapsWritten(string reply) => _possible.Add(reply);

    /// <summary>Takes what a read returned; false when it can not have stood there.</summary>
    public bool Read(string reply)
    {
        if (!_possible.Contains(reply))
        {
            return false;
        }

        Written(reply);
        return true;
    }

    public override string ToString() => string.Join(" or ", _possible).Replace("\r\n", " ", StringComparison.Ordinal);
}
