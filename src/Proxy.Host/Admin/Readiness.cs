namespace Proxy.Host.Admin;

/// <summary>How far the process is: starting, then ready, then draining, never back. Any thread may read and change it.</summary>
internal sealed class Readiness
{
    /// <summary>What <c>/readyz</c> answers when the process is ready.</summary>
    public const string ReadyText = "ready";

    private const string StartingText = "starting";

    private string _text = StartingText;

    /// <summary>Listeners are bound and the configuration is loaded, and the process is not draining.</summary>
    public bool IsReady => Text == ReadyText;

    /// <summary>One word for it.</summary>
    public string Text => Volatile.Read(ref _text);

    /// <summary>Listeners are bound.</summary>
    public void Ready() => Interlocked.CompareExchange(ref _text, ReadyText, StartingText);

    /// <summary>The process is shutting down.</summary>
    public void Draining() => Volatile.Write(ref _text, "draining");
}
