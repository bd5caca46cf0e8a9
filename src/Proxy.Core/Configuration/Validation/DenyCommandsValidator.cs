using System.Text;
using Proxy.Resp.Commands;

namespace Proxy.Core.Configuration.Validation;

/// <summary>Denied commands exist: a misspelt one would be let through silently.</summary>
internal sealed class DenyCommandsValidator : IPoolValidator
{
    /// <inheritdoc/>
    public void Validate(PoolConfig pool, bool isNutcracker, ConfigProblems problems)
    {
        foreach (var command in pool.DenyCommands)
        {
            if (CommandTable.FindFullName(Encoding.UTF8.GetBytes(command.Value)) is null)
            {
                var names = CommandTable.All.Select(known => known.Name);
                problems.Error(command.Place, $"there is no command '{command.Value}'{Spelling.Suggest(command.Value, names)}");
            }
        }
    }
}
