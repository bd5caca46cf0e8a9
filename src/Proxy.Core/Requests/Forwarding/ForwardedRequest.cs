namespace Proxy.Core.Requests.Forwarding;

/// <summary>A request that one server answers: the reply passes through untouched.</summary>
internal class ForwardedRequest : PendingInFlight
{
    private readonly FreeList<ForwardedRequest> _home;

    public ForwardedRequest(FreeList<ForwardedRequest> home)
    {
        _home = home;
    }

    /// <summary>Makes it the way back to <paramref name="pending"/>.</summary>
    public void Begin(PendingRequest pending) => Pending = pending;

    /// <inheritdoc/>
    public override void Recycle()
    {
        var held = TakeHeld();
        Pending = null;
        ResetPlace();
        _home.Return(this);
        held?.Release();
    }
}
