namespace Proxy.Core.Configuration;

/// <summary>Collects every problem of a configuration, so that none hides another.</summary>
internal sealed class ConfigProblems
{
    private readonly List<ConfigProblem> _problems = [];

    /// <summary>Whether there is an error, not only warnings.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>All problems in the order of the file.</summary>
    public IReadOnlyList<ConfigProblem> InFileOrder() => [.. _problems.OrderBy(problem => problem.Mark)];

    /// <summary>Adds an error at a setting.</summary>
    public void Error(Place place, string text) => Add(new ConfigProblem(place.Mark, place.Path, text));

    /// <summary>Adds a warning at a setting.</summary>
    public void Warning(Place place, string text) => Add(new ConfigProblem(place.Mark, place.Path, text, IsWarning: true));

    private void Add(ConfigProblem problem)
    {
        _problems.Add(problem);
        HasErrors |= !problem.IsWarning;
    }
}
