using System.Buffers;
using System.Text;
using DotNetty.Common.Concurrency;
using Proxy.Core.Backends;
using Proxy.Core.Topology;

namespace Proxy.Core.Requests.PubSub;

/// <summary>
/// A client's SUBSCRIBE, PSUBSCRIBE or SSUBSCRIBE until every server concerned has confirmed it. Until then nothing of it is subscribed; it
/// succeeds as a whole or fails as a whole. The client takes no other request meanwhile, so its first message comes after its confirmations.
/// </summary>
internal sealed class SubscribeRequest
{
    private readonly ClientSession _client;
    private readonly PendingRequest _pending;
    private readonly ChannelKind _kind;
    private readonly List<HubChannel> _channels = [];
    private IScheduledTask? _timer;
    private int _awaited;

    /// <param name="client">Whose it is. It is held until the request is done.</param>
    /// <param name="pending">Its place, which is the head: everything before is answered.</param>
    /// <param name="kind">What is subscribed to.</param>
    public SubscribeRequest(ClientSession client, PendingRequest pending, ChannelKind kind)
    {
        _client = client;
        _pending = pending;
        _kind = kind;
        client.Hold();
    }

    /// <summary>True once it has its answer.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Names a channel.</summary>
    public void Add(HubChannel channel)
    {
        channel.Waiting++;
        _channels.Add(channel);
    }

    /// <summary>Waits for a server's confirmation.</summary>
    public void WaitFor(HubRoute route)
    {
        _awaited++;
        route.Add(this);
    }

    /// <summary>Everything it waits for is known. It fails if that takes too long.</summary>
    /// <param name="server">Who is blamed for it then.</param>
    /// <param name="timeout">How long.</param>
    public void Start(Server server, TimeSpan timeout)
    {
        if (_awaited == 0)
        {
            Succeed();
        }
        else
        {
            _timer = _client.Worker.Loop.Schedule(() => Fail(new BackendFailure(FailureKind.TimedOut, server)), timeout);
        }
    }

    /// <summary>One of those it waits for is ready.</summary>
    public void OnConfirmed()
    {
        if (!IsDone && --_awaited == 0)
        {
            Succeed();
        }
    }

    /// <summary>A server cannot be asked, or did not answer.</summary>
    public void Fail(BackendFailure failure)
    {
        if (!IsDone)
        {
            IsDone = true;
            _pending.Fail(failure);
            LetGo();
        }
    }

    /// <summary>A server refused.</summary>
    /// <param name="server">Which.</param>
    /// <param name="error">Its whole reply.</param>
    public void Refuse(Server server, ReadOnlySpan<byte> error)
    {
        if (error.StartsWith("-NOAUTH"u8))
        {
            // Passed on, it would make clients log in to us for ever.
            Fail(new BackendFailure(FailureKind.AuthenticationFailed, server, Encoding.UTF8.GetString(error[1..]).TrimEnd()));
        }
        else if (!IsDone)
        {
            IsDone = true;
            _pending.Append(error);
            _pending.Finish();
            LetGo();
        }
    }

    private void Succeed()
    {
        IsDone = true;
        if (_pending.Client is { } client)
        {
            var state = client.Subscriptions ??= new SubscriberState(client);
            var confirmations = new ArrayBufferWriter<byte>();
            foreach (var channel in _channels)
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

    private void LetGo()
    {
        _timer?.Cancel();
        foreach (var channel in _channels)
        {
            channel.Waiting--;
            channel.Hub.ReleaseIfUnused(channel);
        }

        _client.Release();
    }
}
