using Proxy.Core.Backends;

namespace Proxy.Core.Requests;

/// <summary>
/// A request at one server whose reply goes to one place in its client's order of replies. Unless a derived class does something with it, it
/// passes through untouched, as fast as the client takes it.
/// </summary>
internal abstract class PendingInFlight : ClientInFlight
{
    /// <inheritdoc/>
    public override bool IsCongested => Pending is { HasRoom: false };

    /// <summary>Its place; null once it has its reply.</summary>
    protected PendingRequest? Pending { get; set; }

    /// <inheritdoc/>
    protected override ClientSession? Client => Pending?.Client;

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        if (Pending is { } pending)
        {
            pending.Append(bytes);
            if (last)
            {
                Pending = null;
                pending.Finish();
            }
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        TakePending()?.Fail(failure);
        ReleaseHold();
    }

    /// <inheritdoc/>
    public override void WhenDrained(IServerLink connection)
    {
        if (Pending is { Client: { } client } pending)
        {
            client.ResumeWhenRoom(connection, pending);
        }
        else
        {
            connection.Resume();
        }
    }

    /// <summary>Its place, which is to be answered now; null if it was.</summary>
    protected PendingRequest? TakePending()
    {
        var pending = Pending;
        Pending = null;
        return pending;
    }
}
