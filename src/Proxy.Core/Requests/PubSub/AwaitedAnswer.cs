namespace Proxy.Core.Requests.PubSub;

/// <summary>What a server owes on a <see cref="HubLink"/>: exactly one message for each command, in order. Without both parts: PING's answer.</summary>
/// <param name="Route">What was subscribed to or unsubscribed from.</param>
/// <param name="IsSubscribe">Which of the two.</param>
/// <param name="Publish">What was published.</param>
/// <param name="SinceMs">When it was sent, in <see cref="Environment.TickCount64"/>.</param>
internal readonly record struct AwaitedAnswer(HubRoute? Route, bool IsSubscribe, PublishRequest? Publish, long SinceMs);
