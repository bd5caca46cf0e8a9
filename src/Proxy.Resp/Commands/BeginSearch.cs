namespace Proxy.Resp.Commands;

/// <summary>First step of a key specification: the argument from which its keys are counted.</summary>
internal readonly record struct BeginSearch(BeginSearchKind Kind)
{
    /// <summary>Index: position of that argument.</summary>
    public int Index { get; init; }

    /// <summary>Keyword: the word before that argument, in any case.</summary>
    public string Keyword { get; init; } = "";

    /// <summary>Keyword: where the search starts; negative counts from the end and searches backwards.</summary>
    public int StartFrom { get; init; }
}
