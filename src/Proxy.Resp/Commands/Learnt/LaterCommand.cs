namespace Proxy.Resp.Commands.Learnt;

/// <summary>A command that came to Redis after the built-in table was taken.</summary>
/// <param name="Row">What a server tells of it.</param>
/// <param name="Group">Redis's name for the family that it belongs to, `hash`, `json`.</param>
/// <param name="Since">Version of Redis that brought it, `7.4.0`; for the modules that Redis ships since then, `8.0.0`.</param>
internal sealed record LaterCommand(CommandRow Row, string Group, string Since);
