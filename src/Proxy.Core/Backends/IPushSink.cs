namespace Proxy.Core.Backends;

/// <summary>Takes what a server sends that is no reply to a request.</summary>
internal interface IPushSink
{
    /// <summary>Bytes of one push; a larger one is dropped.</summary>
    public long PushLimit { get; }

    /// <summary>
    /// True if what comes while nothing is asked is for the sink as well, whatever it is: the lines after MONITOR, or the messages of
    /// RESP2.
    /// </summary>
    public bool TakesUnasked { get; }

    /// <summary>A whole push. It is valid during the call only, inside the reading of its buffer.</summary>
    public void OnPush(ReadOnlySpan<byte> frame);

    /// <summary>A push was larger than <see cref="PushLimit"/>.</summary>
    public void OnPushDropped();
}
