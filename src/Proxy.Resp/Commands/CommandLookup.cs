namespace Proxy.Resp.Commands;

/// <summary>What a request names, by <see cref="CommandTable"/>, in the order in which Redis checks.</summary>
internal enum CommandLookup
{
    Found,

    /// <summary>`-ERR unknown command 'x', with args beginning with: …`.</summary>
    UnknownCommand,

    /// <summary>`-ERR unknown subcommand 'x'. Try CLIENT HELP.`.</summary>
    UnknownSubcommand,

    /// <summary>`-ERR wrong number of arguments for 'client|setname' command`.</summary>
    WrongArity,
}
