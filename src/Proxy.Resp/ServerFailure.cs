namespace Proxy.Resp;

/// <summary>Why a request got no reply from its server; the text of each stands in <see cref="Replies.Failure(System.Buffers.IBufferWriter{byte}, ServerFailure, string, string)"/>.</summary>
internal enum ServerFailure
{
    /// <summary>Nothing listens there, or the server is ejected or known to be down.</summary>
    Refused,

    /// <summary>The request, or the connect, took longer than the pool allows.</summary>
    TimedOut,

    /// <summary>The server reset the connection.</summary>
    Reset,

    /// <summary>The server closed the connection before it replied.</summary>
    Lost,

    /// <summary>The server's name does not resolve.</summary>
    HostDown,

    /// <summary>No route to the server's address.</summary>
    Unreachable,

    /// <summary>The server sent what is no reply, or one that does not fit the request.</summary>
    InvalidReply,
}
