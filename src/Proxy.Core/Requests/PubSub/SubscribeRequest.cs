using System.Buffers;
using Proxy.Core.Backends;
using Proxy.Core.Topology;

namespace Proxy.Core.Requests.PubSub;

/// <summary>
/// A client's SUBSCRIBE, PSUBSCRIBE or SSUBSCRIBE. Until it is confirmed nothing of it is subscribed. The client takes no other request
/// meanwhile, so its first message comes after its confirmations.
/// </summary>
internal sealed class SubscribeRequest : ConfirmationWait
{
    private readonly PendingRequest _pending;
    private readonly ChannelKind _kind;

    /// <param name="client">Whose it is.</param>
    /// <param name="pending">Its place, which is the head: everything before is answered.</param>
    /// <param name="kind">What is subscribed to.</param>
    public SubscribeRequest(ClientSession client, PendingRequest pending, ChannelKind kind)
        : base(client)
    {
        _pending = pending;
        _kind = kind;
    }

    /// <inheritdoc/>
    protected override void OnSucceeded()
    {
        if (_pending.Client is { } client)
        {
            var state = client.Subscriptions ??= new SubscriberState(client);
            var confirmations = new ArrayBufferWriter<byte>();
            foreach (var channel in Channels)
            {
                state.Add(channel);
                Confirmation.Write(confirmations, client, subscribed: true, _kind, channel.Name);
            }

            Confirmation.Send(client, _pending, confirmations.WrittenSpan);
        }
        else
        {
            _pending.Finish();
        }

        LetGo();
    }

    /// <inheritdoc/>
    protected override void OnFailed(BackendFailure failure)
    {
        _pending.Fail(failure);
        LetGo();
    }

    /// <inheritdoc/>
    protected override void OnRefused(ReadOnlySpan<byte> error)
    {
        _pending.Append(error);
        _pending.Finish();
        LetGo();
    }
}
