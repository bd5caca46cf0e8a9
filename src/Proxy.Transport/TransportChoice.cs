namespace Proxy.Transport;

/// <summary>The transport that was chosen and, as one sentence for the log, why.</summary>
internal readonly record struct TransportChoice(ITransport Transport, string Reason);
