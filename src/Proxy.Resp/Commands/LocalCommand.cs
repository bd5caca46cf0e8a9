namespace Proxy.Resp.Commands;

/// <summary>The answer that a command with <see cref="CommandHandling.Answer"/> gets.</summary>
internal enum LocalCommand
{
    None,
    Auth,
    ClientGetName,
    ClientHelp,
    ClientId,
    ClientInfo,
    ClientSetInfo,
    ClientSetName,
    Command,
    CommandCount,
    CommandDocs,
    CommandGetKeys,
    CommandGetKeysAndFlags,
    CommandHelp,
    CommandInfo,
    CommandList,
    Echo,
    Hello,
    Info,
    Lolwut,
    Ping,
    Quit,
    ReadOnly,
    ReadWrite,
    Reset,
    Role,
    Select,
    Time,
}
