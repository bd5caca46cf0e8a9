using Proxy.Core.Requests.Users;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Transactions;

/// <summary>A command that waits for EXEC.</summary>
/// <param name="Command">Which.</param>
/// <param name="Kind">Who answers it.</param>
/// <param name="Length">
/// Bytes of its frame, in <see cref="TransactionState.ServerBytes"/> or <see cref="TransactionState.LocalBytes"/>, unless it is refused.
/// </param>
internal readonly record struct QueuedCommand(CommandInfo Command, QueuedKind Kind, int Length)
{
    /// <summary>Why it is <see cref="QueuedKind.Refused"/>.</summary>
    public Denial Denial { get; init; }
}
