using DotNetty.Common.Concurrency;
using Proxy.Core.Backends;
using Proxy.Core.Topology;

namespace Proxy.Core.Requests.PubSub;

/// <summary>
/// What a client is about to subscribe to, until every server concerned has confirmed it; it succeeds as a whole or fails as a whole. Its
/// client takes no request meanwhile. The channels are kept until <see cref="LetGo"/>.
/// </summary>
internal abstract class ConfirmationWait
{
    private readonly List<HubChannel> _channels = [];
    private IScheduledTask? _timer;
    private int _awaited;
    private bool _isHolding;
    private bool _isLetGo;

    /// <param name="client">Whose it is.</param>
    protected ConfirmationWait(ClientSession client)
    {
        Client = client;
    }

    /// <summary>True once it succeeded or failed.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whose it is.</summary>
    protected ClientSession Client { get; }

    /// <summary>What it names, in that order, a name that comes twice twice.</summary>
    public IReadOnlyList<HubChannel> Channels => _channels;

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
        if (IsDone)
        {
            return;
        }

        if (_awaited == 0)
        {
            Succeed();
        }
        else
        {
            _isHolding = true;
            Client.Hold();
            _timer = Client.Worker.Loop.Schedule(() => Fail(new BackendFailure(FailureKind.TimedOut, server)), timeout);
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
            OnFailed(failure);
            Release();
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
            Fail(new BackendFailure(FailureKind.AuthenticationFailed, server, System.Text.Encoding.UTF8.GetString(error[1..]).TrimEnd()));
        }
        else if (!IsDone)
        {
            IsDone = true;
            OnRefused(error);
            Release();
        }
    }

    /// <summary>The channels are no longer needed for it.</summary>
    public void LetGo()
    {
        IsDone = true;
        if (!_isLetGo)
        {
            _isLetGo = true;
            foreach (var channel in _channels)
            {
                channel.Waiting--;
                channel.Hub.ReleaseIfUnused(channel);
            }
        }

        Release();
    }

    /// <summary>All are confirmed.</summary>
    protected abstract void OnSucceeded();

    /// <summary>One cannot be had.</summary>
    protected abstract void OnFailed(BackendFailure failure);

    /// <summary>A server refused one.</summary>
    /// <param name="error">Its whole reply.</param>
    protected abstract void OnRefused(ReadOnlySpan<byte> error);

    private void Succeed()
    {
        IsDone = true;
        OnSucceeded();
        Release();
    }

    private void Release()
    {
        _timer?.Cancel();
        if (_isHolding)
        {
            _isHolding = false;
            Client.Release();
        }
    }
}
