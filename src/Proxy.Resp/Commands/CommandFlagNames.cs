namespace Proxy.Resp.Commands;

/// <summary>The words for <see cref="CommandFlags"/> in COMMAND's replies, in the order in which Redis lists them.</summary>
internal static class CommandFlagNames
{
    public static readonly (CommandFlags Flag, string Name)[] InOrder =
    [
        (CommandFlags.Write, "write"),
        (CommandFlags.ReadOnly, "readonly"),
        (CommandFlags.DenyOom, "denyoom"),
        (CommandFlags.Module, "module"),
        (CommandFlags.Admin, "admin"),
        (CommandFlags.PubSub, "pubsub"),
        (CommandFlags.NoScript, "noscript"),
        (CommandFlags.Blocking, "blocking"),
        (CommandFlags.Loading, "loading"),
        (CommandFlags.Stale, "stale"),
        (CommandFlags.SkipMonitor, "skip_monitor"),
        (CommandFlags.SkipSlowLog, "skip_slowlog"),
        (CommandFlags.Asking, "asking"),
        (CommandFlags.Fast, "fast"),
        (CommandFlags.NoAuth, "no_auth"),
        (CommandFlags.MayReplicate, "may_replicate"),
        (CommandFlags.NoMandatoryKeys, "no_mandatory_keys"),
        (CommandFlags.NoAsyncLoading, "no_async_loading"),
        (CommandFlags.NoMulti, "no_multi"),
        (CommandFlags.AllowBusy, "allow_busy"),
        (CommandFlags.MovableKeys, "movablekeys"),
    ];

    /// <exception cref="InvalidDataException">No such flag.</exception>
    public static CommandFlags Parse(string name) =>
        Find(name) is var flag and not CommandFlags.None ? flag : throw new InvalidDataException($"unknown command flag `{name}`");

    /// <summary>The flag of that name; none if there is no such flag.</summary>
    public static CommandFlags Find(string name)
    {
        foreach (var (flag, known) in InOrder)
        {
            if (known == name)
            {
                return flag;
            }
        }

        return CommandFlags.None;
    }
}
