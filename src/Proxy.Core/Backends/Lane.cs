using Proxy.Core.Model;

namespace Proxy.Core.Backends;

/// <summary>
/// What changes the meaning of a reply on a server connection. Connections are kept apart by it, so that clients that agree on
/// it can share one.
/// </summary>
/// <param name="Database">The database selected on the connection, 0 or more.</param>
/// <param name="RespVersion">2 or 3; with 3 the handshake begins with HELLO 3.</param>
/// <param name="User">As whom it logs in at the server; null for <c>redis_auth</c>.</param>
internal readonly record struct Lane(int Database, int RespVersion, ServerUserModel? User = null);
