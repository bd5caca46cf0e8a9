namespace Proxy.Resp.Commands;

/// <summary>A command's flags in Redis's own words (https://redis.io/docs/latest/commands/command/#flags).</summary>
[Flags]
internal enum CommandFlags : long
{
    None = 0,
    Write = 1 << 0,
    ReadOnly = 1 << 1,
    DenyOom = 1 << 2,
    Module = 1 << 3,
    Admin = 1 << 4,
    PubSub = 1 << 5,
    NoScript = 1 << 6,
    Blocking = 1 << 7,
    Loading = 1 << 8,
    Stale = 1 << 9,
    SkipMonitor = 1 << 10,
    SkipSlowLog = 1 << 11,
    Asking = 1 << 12,
    Fast = 1 << 13,
    NoAuth = 1 << 14,
    MayReplicate = 1 << 15,
    NoMandatoryKeys = 1 << 16,
    NoAsyncLoading = 1 << 17,
    NoMulti = 1 << 18,
    AllowBusy = 1 << 19,
    MovableKeys = 1 << 20,
}
