namespace Proxy.Core.Configuration.Validation;

/// <summary>Denied commands exist: a misspelt one would be let through silently.</summary>
internal sealed class DenyCommandsValidator : IPoolValidator
{
    /// <inheritdoc/>
    public void Validate(PoolConfig pool, bool isNutcracker, ConfigProblems problems)
    {
        foreach (var command in pool.DenyCommands)
        {
            if (CommandNames.ProblemOf(command.Value) is { } problem)
            {
                problems.Error(command.Place, problem);
            }
        }
    }
}
