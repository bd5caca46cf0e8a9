using Proxy.Core.Backends;

namespace Proxy.Core.Requests.Forwarding;

/// <summary>A request that one server answers: the reply passes through untouched.</summary>
internal sealed class ForwardedRequest : InFlight
{
    private readonly FreeList<ForwardedRequest> _home;
    private PendingRequest? _pending;
    private ClientSession? _held;

    public ForwardedRequest(FreeList<ForwardedRequest> home)
    {
        _home = home;
    }

    /// <inheritdoc/>
    public override bool IsCongested => _pending is { HasRoom: false };

    /// <summary>Makes it the way back to <paramref name="pending"/>.</summary>
    public void Begin(PendingRequest pending) => _pending = pending;

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        _pending!.Append(bytes);
        if (last)
        {
            var pending = _pending;
            _pending = null;
            pending.Finish();
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        var pending = _pending!;
        _pending = null;
        pending.Fail(failure);
        ReleaseHold();
    }

    /// <inheritdoc/>
    public override void WhenDrained(IServerLink connection)
    {
        if (_pending is { Client: { } client } pending)
        {
            client.ResumeWhenRoom(connection, pending);
        }
        else
        {
            connection.Resume();
        }
    }

    /// <inheritdoc/>
    public override void HoldClient()
    {
        if (_held is null && _pending?.Client is { } client)
        {
            _held = client;
            client.Hold();
        }
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        var held = _held;
        _held = null;
        _pending = null;
        ResetPlace();
        _home.Return(this);
        held?.Release();
    }

    /// <summary>Its client has its answer and need not wait for a reply that will be swallowed.</summary>
    private void ReleaseHold()
    {
        var held = _held;
        _held = null;
        held?.Release();
    }
}
