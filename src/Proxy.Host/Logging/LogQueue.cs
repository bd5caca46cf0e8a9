using System.Buffers;
using System.Collections.Concurrent;

namespace Proxy.Host.Logging;

/// <summary>
/// Lines on their way to a sink, which a thread of its own writes to: whoever logs never waits for a disk or a pipe.
/// When the sink is too slow or fails, lines are lost, and a line says how many as soon as it works again.
/// </summary>
internal sealed class LogQueue : IDisposable
{
    private const int Capacity = 8192;
    private const int BatchBytes = 64 * 1024;

    // An empty array in the queue is no line but the wish to reopen.
    private static readonly byte[] ReopenRequest = [];

    private readonly BlockingCollection<byte[]> _lines = new(Capacity);
    private readonly ArrayBufferWriter<byte> _batch = new();
    private readonly ILogSink _sink;
    private readonly Func<string, byte[]> _warning;
    private readonly Thread _thread;
    private long _suppressed;
    private long _lost;

    /// <summary>Starts the thread.</summary>
    /// <param name="sink">Where lines go; owned by the queue from now on.</param>
    /// <param name="warning">Makes a line of a text about the log itself.</param>
    public LogQueue(ILogSink sink, Func<string, byte[]> warning)
    {
        _sink = sink;
        _warning = warning;
        _thread = new Thread(Run) { Name = "log", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Adds a line, which belongs to the queue from now on. Never waits: a line that finds the queue full is counted and dropped.</summary>
    public void Add(byte[] line)
    {
        if (!TryAdd(line))
        {
            Interlocked.Increment(ref _suppressed);
        }
    }

    /// <summary>Asks for the sink to be reopened, behind the lines that are already in the queue.</summary>
    public void Reopen() => TryAdd(ReopenRequest);

    /// <summary>Writes what is in the queue and closes the sink; gives up after two seconds, if the sink does not take it.</summary>
    public void Dispose()
    {
        _lines.CompleteAdding();
        _thread.Join(TimeSpan.FromSeconds(2));
    }

    private bool TryAdd(byte[] line)
    {
        try
        {
            return _lines.TryAdd(line);
        }
        catch (InvalidOperationException)
        {
            // Disposed: the process is ending.
            return false;
        }
    }

    private void Run()
    {
        foreach (var line in _lines.GetConsumingEnumerable())
        {
            Append(line);
            while (_batch.WrittenCount < BatchBytes && _lines.TryTake(out var next))
            {
                Append(next);
            }

            Flush();
        }

        _sink.Dispose();
    }

    private void Append(byte[] line)
    {
        if (line.Length == 0)
        {
            Flush();
            Reopen(_sink);
            return;
        }

        _batch.Write(line);
    }

    private void Flush()
    {
        var suppressed = Interlocked.Exchange(ref _suppressed, 0);
        if (suppressed > 0)
        {
            _batch.Write(_warning($"{suppressed} lines were suppressed: the log could not be written as fast as they came"));
        }

        if (_batch.WrittenCount == 0)
        {
            return;
        }

        try
        {
            if (_lost > 0)
            {
                _sink.Write(_warning($"{_lost} lines were lost: the log could not be written"));
                _lost = 0;
            }

            _sink.Write(_batch.WrittenSpan);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A full disk is no reason to stop serving. There is no other place to say it.
            _lost += _batch.WrittenSpan.Count((byte)'\n');
        }

        _batch.ResetWrittenCount();
    }

    private void Reopen(ILogSink sink)
    {
        try
        {
            sink.Reopen();
        }
        catch (IOException failure)
        {
            _batch.Write(_warning($"the log could not be reopened and goes on in the old file: {failure.Message}"));
        }
    }
}
