namespace Proxy.Core.Requests.CrossServer;

/// <summary>A member of a set or sorted set where it stands in a server's reply.</summary>
/// <param name="Source">Number of the reply.</param>
/// <param name="Start">First byte of the member itself.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct Member(int Source, int Start, int Length);
