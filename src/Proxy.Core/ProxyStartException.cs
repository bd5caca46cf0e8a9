namespace Proxy.Core;

/// <summary>The proxy cannot serve as it was told to. The message is for the operator and says what and where: <c>cannot listen on 127.0.0.1:6380 (pool sessions): Address already in use</c>.</summary>
internal sealed class ProxyStartException : Exception
{
    /// <summary>With a message for the operator.</summary>
    public ProxyStartException(string message)
        : base(message)
    {
    }

    /// <summary>With a message for the operator and the cause.</summary>
    public ProxyStartException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
