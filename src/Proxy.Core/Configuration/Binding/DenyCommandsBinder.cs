using Proxy.Core.Configuration.Nodes;

namespace Proxy.Core.Configuration.Binding;

/// <summary>
/// Binds <c>deny_commands:</c>, a list of names in any case; a subcommand follows after a bar or a space (<c>client|info</c>).
/// </summary>
internal static class DenyCommandsBinder
{
    /// <summary>The names, lower-case, with a bar before the subcommand.</summary>
    public static IReadOnlyList<Setting<string>> Bind(MapReader pool, BindingContext context)
    {
        var list = pool.List("deny_commands");
        if (list is null)
        {
            return [];
        }
        var commands = new List<Setting<string>>();
        foreach (var item in list.Value.Items)
        {
            var place = list.Place.Element(commands.Count, item.Mark);
            if (item is not ConfigScalar { Text.Length: > 0 } scalar)
            {
                context.Problems.Error(place, "directive \"deny_commands\" has an element that is not the name of a command");
                continue;
            }
            var words = scalar.Text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            commands.Add(new Setting<string>(string.Join('|', words), place));
        }
        return commands;
    }
}
