namespace Proxy.Core.Requests.Administration.Joining;

/// <summary>What one server answered.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="Reply">Its reply, no error.</param>
internal readonly record struct ServerReply(string Server, ReplyNode Reply);
