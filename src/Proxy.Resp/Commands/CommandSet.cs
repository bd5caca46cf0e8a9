using System.Collections.Immutable;

namespace Proxy.Resp.Commands;

/// <summary>All commands of one server version, found by name. Immutable.</summary>
internal sealed class CommandSet
{
    private readonly CommandNameMap _roots;

    /// <param name="sourceVersion">Version of the server, `7.0.15`.</param>
    /// <param name="roots">Commands with their subcommands; their indexes are dense from 0.</param>
    public CommandSet(string sourceVersion, ImmutableArray<CommandInfo> roots)
    {
        SourceVersion = sourceVersion;
        Roots = roots;
        All = [.. roots.SelectMany(root => root.Subcommands.Prepend(root)).OrderBy(command => command.Index)];
        _roots = new CommandNameMap(roots);
    }

    public string SourceVersion { get; }

    /// <summary>Commands without the subcommands.</summary>
    public ImmutableArray<CommandInfo> Roots { get; }

    /// <summary>Commands and subcommands; each at its <see cref="CommandInfo.Index"/>.</summary>
    public ImmutableArray<CommandInfo> All { get; }

    /// <summary>The command (not a subcommand) of that name in any case, or null.</summary>
    public CommandInfo? Find(ReadOnlySpan<byte> name) => _roots.Find(name);

    /// <summary>The command or subcommand of that full name in any case: `get`, `client|setname`.</summary>
    public CommandInfo? FindFullName(ReadOnlySpan<byte> name)
    {
        var bar = name.IndexOf((byte)'|');
        return bar < 0 ? Find(name) : Find(name[..bar])?.FindSubcommand(name[(bar + 1)..]);
    }
}
