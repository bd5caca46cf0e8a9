using Microsoft.Extensions.Logging;

namespace Proxy.Core.Workers;

/// <summary>What a worker says of bugs that it survives.</summary>
internal static partial class WorkerLog
{
    /// <summary>Writing to a connection failed in a way that no socket explains.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "unexpected error while writing to a connection")]
    public static partial void FlushFailed(ILogger log, Exception exception);

    /// <summary>Looking at deadlines failed.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "unexpected error while looking at deadlines")]
    public static partial void TickFailed(ILogger log, Exception exception);

    /// <summary>Joining servers' replies failed.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "unexpected error while joining the replies of several servers")]
    public static partial void ComputationFailed(ILogger log, Exception exception);
}
