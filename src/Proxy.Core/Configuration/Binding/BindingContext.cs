namespace Proxy.Core.Configuration.Binding;

/// <summary>What binding a file leaves behind besides the configuration itself.</summary>
/// <param name="problems">Takes every problem.</param>
internal sealed class BindingContext(ConfigProblems problems)
{
    private readonly HashSet<string> _known = [];

    /// <summary>Takes every problem.</summary>
    public ConfigProblems Problems { get; } = problems;

    /// <summary>The path of every key that the configuration knows, whether it was written or not.</summary>
    public IReadOnlyCollection<string> KnownPaths => _known;

    /// <summary>Notes that a key is known.</summary>
    public void Know(string path) => _known.Add(path);
}
