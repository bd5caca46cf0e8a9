using Proxy.Core.Backends;
using Proxy.Core.Requests.Transactions;
using Proxy.Core.Topology;

namespace Proxy.Core.Requests.PubSub;

/// <summary>
/// What a transaction subscribes to: confirmed by the servers before it is sent, so that nothing can fail when it has run. Its client is
/// subscribed when the reply to EXEC is written.
/// </summary>
/// <param name="client">Whose it is.</param>
/// <param name="transaction">Is told why if it fails.</param>
internal sealed class PreparedSubscriptions(ClientSession client, TransactionState transaction) : ConfirmationWait(client)
{
    /// <summary>Subscribes the client to a name that it was prepared for.</summary>
    public void Subscribe(ChannelKind kind, ReadOnlySpan<byte> name)
    {
        foreach (var channel in Channels)
        {
            if (channel.Kind == kind && name.SequenceEqual(channel.Name))
            {
                (Client.Subscriptions ??= new SubscriberState(Client)).Add(channel);
                return;
            }
        }
    }

    /// <inheritdoc/>
    protected override void OnSucceeded()
    {
    }

    /// <inheritdoc/>
    protected override void OnFailed(BackendFailure failure) => transaction.Failure = failure;

    /// <inheritdoc/>
    protected override void OnRefused(ReadOnlySpan<byte> error) => transaction.Refusal = error[1..].TrimEnd("\r\n"u8).ToArray();
}
