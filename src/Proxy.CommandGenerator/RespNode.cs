namespace Proxy.CommandGenerator;

/// <summary>A RESP3 value of a server's reply as a tree: what the generator reads, not what the proxy does.</summary>
/// <param name="Kind">First byte of the value: `$ + - : * ~ % _ , # (`.</param>
/// <param name="Text">Text of a string, status, error or number; empty for aggregates.</param>
/// <param name="Items">Elements of an aggregate; of a map keys and values in turn.</param>
internal sealed record RespNode(char Kind, string Text, IReadOnlyList<RespNode> Items)
{
    public long Integer => long.Parse(Text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Texts of the elements: `~2 +readonly +fast`.</summary>
    public IEnumerable<string> Texts => Items.Select(item => item.Text);

    /// <summary>Keys and values of a map in the server's order.</summary>
    public IEnumerable<(string Key, RespNode Value)> Entries
    {
        get
        {
            for (var i = 0; i < Items.Count; i += 2)
            {
                yield return (Items[i].Text, Items[i + 1]);
            }
        }
    }

    /// <summary>Value of a map's key.</summary>
    /// <exception cref="InvalidDataException">The map has no such key.</exception>
    public RespNode this[string key] => Find(key) ?? throw new InvalidDataException($"the server's reply has no `{key}`");

    public RespNode? Find(string key) => Entries.Where(entry => entry.Key == key).Select(entry => entry.Value).FirstOrDefault();
}
