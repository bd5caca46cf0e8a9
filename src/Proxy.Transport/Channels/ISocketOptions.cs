namespace Proxy.Transport.Channels;

/// <summary>The options that the system keeps of a stream socket. Setting one that the system refuses throws a SocketException.</summary>
internal interface ISocketOptions
{
    /// <summary>False for a Unix socket.</summary>
    public bool IsTcp { get; }

    /// <summary>SO_RCVBUF in bytes, as the system tells it (Linux: twice what was set).</summary>
    public int ReceiveBufferSize { get; set; }

    /// <summary>SO_SNDBUF in bytes, as the system tells it (Linux: twice what was set).</summary>
    public int SendBufferSize { get; set; }

    /// <summary>SO_KEEPALIVE.</summary>
    public bool KeepAlive { get; set; }

    /// <summary>TCP_NODELAY; TCP only.</summary>
    public bool NoDelay { get; set; }

    /// <summary>SO_REUSEADDR.</summary>
    public bool ReuseAddress { get; set; }

    /// <summary>SO_REUSEPORT: several listeners share one port. Windows has no such option: nothing happens there.</summary>
    public bool ReusePort { get; set; }

    /// <summary>SO_LINGER.</summary>
    /// <param name="seconds">Negative: off; 0: a close resets the connection.</param>
    public void SetLinger(int seconds);
}
