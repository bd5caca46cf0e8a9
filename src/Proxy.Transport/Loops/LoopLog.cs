using DotNetty.Common.Internal.Logging;
using Microsoft.Extensions.Logging;

namespace Proxy.Transport.Loops;

/// <summary>What a loop says of bugs that it survives, in DotNetty's log.</summary>
internal static partial class LoopLog
{
    private static readonly ILogger Log = InternalLoggerFactory.DefaultFactory.CreateLogger("Proxy.Transport");

    /// <summary>Handling what was ready failed in a way that no channel explains.</summary>
    public static void PollFailed(Exception bug) => PollFailed(Log, bug);

    /// <summary>A loop's wait has failed, and did so many times before without being told of.</summary>
    public static void WaitFailed(Exception failure, int before) => WaitFailed(Log, before, failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "unexpected error in the wait of an event loop (untold since the last one: {Before})")]
    private static partial void WaitFailed(ILogger log, int before, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "unexpected error while handling ready channels")]
    private static partial void PollFailed(ILogger log, Exception bug);
}
