namespace Proxy.Resp.Commands;

/// <summary>The words for <see cref="KeySpecFlags"/> in COMMAND's replies, in the order in which Redis lists them.</summary>
internal static class KeySpecFlagNames
{
    public static readonly (KeySpecFlags Flag, string Name)[] InOrder =
    [
        (KeySpecFlags.ReadsOnly, "RO"),
        (KeySpecFlags.ReadsAndWrites, "RW"),
        (KeySpecFlags.Overwrites, "OW"),
        (KeySpecFlags.Removes, "RM"),
        (KeySpecFlags.Access, "access"),
        (KeySpecFlags.Update, "update"),
        (KeySpecFlags.Insert, "insert"),
        (KeySpecFlags.Delete, "delete"),
        (KeySpecFlags.NotKey, "not_key"),
        (KeySpecFlags.Incomplete, "incomplete"),
        (KeySpecFlags.VariableFlags, "variable_flags"),
    ];

    /// <exception cref="InvalidDataException">No such flag.</exception>
    public static KeySpecFlags Parse(string name) =>
        Find(name) is var flag and not KeySpecFlags.None ? flag : throw new InvalidDataException($"unknown key flag `{name}`");

    /// <summary>The flag of that name; none if there is no such flag.</summary>
    public static KeySpecFlags Find(string name)
    {
        foreach (var (flag, known) in InOrder)
        {
            if (known == name)
            {
                return flag;
            }
        }

        return KeySpecFlags.None;
    }
}
