namespace Proxy.Core.Backends;

/// <summary>Takes what comes over a <see cref="MessageConnection"/>. Called on the worker's loop.</summary>
internal interface IMessageReceiver
{
    /// <summary>The connection may be written to.</summary>
    public void OnReady();

    /// <summary>A whole message came: a push, or a reply.</summary>
    /// <param name="message">Valid during the call; a large part of it may be referred to instead of copied.</param>
    /// <returns>Null, or what is wrong with it: the connection is then lost.</returns>
    public string? OnMessage(ReadOnlySpan<byte> message);

    /// <summary>It could not be opened, or is lost. Not called after <see cref="MessageConnection.Close"/>.</summary>
    public void OnLost(BackendFailure failure);
}
