using System.Collections.Immutable;

namespace Proxy.Resp.Commands;

/// <summary>The commands that the proxy knows: the generated table with <see cref="CommandOverlay"/> laid over it.</summary>
internal static class CommandTable
{
    /// <summary>
    /// <see cref="CommandInfo.Index"/> of all commands that are not in the table, also of those that servers told of: they are counted together.
    /// </summary>
    public const int OtherIndex = -1;

    private const string Resource = "Proxy.Resp.Commands.Data.commands.json";

    /// <summary>The table as an object.</summary>
    public static readonly CommandSet Set = Load();

    /// <summary>Version of the server that the table was taken from, `7.0.15`.</summary>
    public static string SourceVersion => Set.SourceVersion;

    /// <summary>Commands and subcommands; each at its <see cref="CommandInfo.Index"/>.</summary>
    public static ImmutableArray<CommandInfo> All => Set.All;

    /// <summary>Number of commands and subcommands.</summary>
    public static int Count => Set.All.Length;

    /// <summary>The command (not a subcommand) of that name in any case, or null. Does not allocate.</summary>
    public static CommandInfo? Find(ReadOnlySpan<byte> name) => Set.Find(name);

    /// <summary>The command or subcommand of that full name in any case, `get`, `client|setname`, or null.</summary>
    public static CommandInfo? FindFullName(ReadOnlySpan<byte> name) => Set.FindFullName(name);

    /// <summary>The command or subcommand that a request names, and whether it has a right number of arguments. Does not allocate.</summary>
    /// <param name="frame">The request.</param>
    /// <param name="command">The command; for an unknown subcommand its container; null for an unknown command.</param>
    public static CommandLookup Resolve(in RequestFrame frame, out CommandInfo? command)
    {
        command = Find(frame[0]);
        if (command is null || command.HasSubcommands)
        {
            return Resolve(new RequestArguments(frame), out command);
        }

        return command.AcceptsArity(frame.Count) ? CommandLookup.Found : CommandLookup.WrongArity;
    }

    /// <summary>The same for a request that is part of another: `COMMAND GETKEYS SET a 1`.</summary>
    public static CommandLookup Resolve(in RequestArguments arguments, out CommandInfo? command)
    {
        command = Find(arguments[0]);
        if (command is null)
        {
            return CommandLookup.UnknownCommand;
        }

        if (command.HasSubcommands && arguments.Count > 1)
        {
            var subcommand = command.FindSubcommand(arguments[1]);
            if (subcommand is null)
            {
                return CommandLookup.UnknownSubcommand;
            }

            command = subcommand;
        }

        return command.AcceptsArity(arguments.Count) ? CommandLookup.Found : CommandLookup.WrongArity;
    }

    private static CommandSet Load()
    {
        using var stream = typeof(CommandTable).Assembly.GetManifestResourceStream(Resource)!;
        return CommandTableReader.Read(stream);
    }
}
