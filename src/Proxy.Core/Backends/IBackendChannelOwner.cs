namespace Proxy.Core.Backends;

/// <summary>Whoever a channel to a server belongs to at the moment. Called on the worker's loop.</summary>
internal interface IBackendChannelOwner
{
    /// <summary>The server sent something. The bytes are valid during the call.</summary>
    public void OnBytes(ReadOnlySpan<byte> bytes);

    /// <summary>The channel takes bytes again.</summary>
    public void OnWritable();

    /// <summary>The channel is gone.</summary>
    /// <param name="kind">How it ended.</param>
    /// <param name="detail">The system's words, where there are any.</param>
    public void OnClosed(FailureKind kind, string? detail);
}
