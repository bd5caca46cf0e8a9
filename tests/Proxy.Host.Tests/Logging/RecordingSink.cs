using System.Text;
using Proxy.Host.Logging;

namespace Proxy.Host.Tests.Logging;

/// <summary>Keeps what is written; can be made to block or to fail.</summary>
internal sealed class RecordingSink : ILogSink
{
    private readonly StringBuilder _text = new();

    /// <summary>Writing waits for this.</summary>
    public ManualResetEventSlim Open { get; } = new(true);

    public volatile bool IsFull;

    public volatile int Reopened;

    public volatile bool IsDisposed;

    /// <summary>Number of calls that failed.</summary>
    public volatile int Failures;

    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Write(ReadOnlySpan<byte> lines)
    {
        Open.Wait();
        if (IsFull)
        {
            Failures++;
            throw new IOException("No space left on device");
        }

        lock (_text)
        {
            _text.Append(Encoding.UTF8.GetString(lines));
        }
    }

    public void Reopen() => Reopened++;

    public void Dispose() => IsDisposed = true;
}
