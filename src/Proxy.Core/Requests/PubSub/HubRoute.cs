namespace Proxy.Core.Requests.PubSub;

/// <summary>
/// A channel's subscription at one server. Commands for it go out one behind the other on the same link and are answered in that order.
/// </summary>
/// <param name="channel">What is subscribed to.</param>
/// <param name="link">Over what.</param>
internal sealed class HubRoute(HubChannel channel, HubLink link)
{
    private List<ConfirmationWait>? _waiting;

    public HubChannel Channel { get; } = channel;

    public HubLink Link { get; } = link;

    /// <summary>The channel's messages are published at that server now; false after they moved away.</summary>
    public bool IsHome { get; set; } = true;

    /// <summary>It is meant to be subscribed. What was sent last says the same as soon as the link is ready.</summary>
    public bool IsWanted { get; set; }

    /// <summary>The server's last answer says that it is subscribed.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>Commands for it that are not answered yet.</summary>
    public int Outstanding { get; set; }

    /// <summary>Subscribed, and nothing is under way that changes it.</summary>
    public bool IsReady => IsWanted && IsConfirmed && Outstanding == 0;

    /// <summary>Has <paramref name="request"/> told, once, when it is ready or failed.</summary>
    public void Add(ConfirmationWait request) => (_waiting ??= []).Add(request);

    /// <summary>Those who wait, who wait no longer.</summary>
    public IReadOnlyList<ConfirmationWait> TakeWaiting()
    {
        var waiting = _waiting;
        _waiting = null;
        return waiting ?? (IReadOnlyList<ConfirmationWait>)[];
    }
}
