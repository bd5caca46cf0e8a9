namespace Proxy.Transport;

/// <summary>A transport that can be chosen.</summary>
/// <param name="Kind">What the user asks for it by.</param>
/// <param name="Name">Its word in the configuration.</param>
/// <param name="Probe">Finds out whether it works here; leaves nothing behind.</param>
/// <param name="Create">Makes it; only called where it works.</param>
internal sealed record TransportCandidate(TransportKind Kind, string Name, Func<TransportAvailability> Probe, Func<ITransport> Create);
