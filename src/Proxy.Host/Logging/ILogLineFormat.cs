using System.Buffers;

namespace Proxy.Host.Logging;

/// <summary>How an event is written as one line. Thread-safe.</summary>
internal interface ILogLineFormat
{
    /// <summary>Writes the event as UTF-8 with a line feed at the end and none before it.</summary>
    public void Write(in LogEvent logged, IBufferWriter<byte> output);
}
