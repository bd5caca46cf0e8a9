using Proxy.Core.Configuration.Nodes;
using Proxy.Core.Model;

namespace Proxy.Core.Configuration.Binding;

/// <summary>Binds the section <c>proxy:</c>.</summary>
internal static class ProcessBinder
{
    private const int MostThreads = 1024;

    // A longer wait would be a latency that nobody wants, and not save more.
    private const int LongestWaitMicroseconds = 10_000;

    // The entries of a completion queue: a turn does not see more reads.
    private const int MostReads = 4096;

    private static readonly (string, TransportKind)[] Transports =
    [
        ("auto", TransportKind.Auto), ("io_uring", TransportKind.IoUring), ("epoll", TransportKind.Epoll), ("socket", TransportKind.Socket),
    ];

    private static readonly (string, LogFormat)[] Formats = [("text", LogFormat.Text), ("json", LogFormat.Json)];

    // nutcracker's numbers for the names that people use.
    private static readonly (string, int)[] Levels =
    [
        ("emergency", 0), ("alert", 1), ("critical", 2), ("error", 3), ("warning", 4), ("notice", 5), ("info", 6), ("debug", 7),
        ("trace", 11),
        .. Enumerable.Range(0, 12).Select(level => (level.ToString(System.Globalization.CultureInfo.InvariantCulture), level)),
    ];

    /// <summary>Binds the section, null for a file without one.</summary>
    public static ProcessConfig Bind(ConfigMap? map, Place place, BindingContext context)
    {
        var reader = new MapReader(map, place, context);
        var process = new ProcessConfig
        {
            Threads = Threads(reader),
            Transport = reader.Choice("transport", Transports, "is not a transport"),
            IoUringWaitMicroseconds = reader.Number("io_uring_wait_us", most: LongestWaitMicroseconds),
            IoUringWaitReads = reader.Number("io_uring_wait_reads", least: 1, most: MostReads),
            Admin = Endpoint(reader, "admin", context),
            Stats = Endpoint(reader, "stats", context),
            DrainTimeout = reader.Time("drain_timeout"),
            MemoryLimit = reader.Size("memory_limit"),
            Log = Log(reader),
        };
        reader.RefuseOthers();
        return process;
    }

    private static Setting<int>? Threads(MapReader reader) =>
        reader.Peek("threads") == "auto" && reader.Text("threads") is { } text
            ? new Setting<int>(0, text.Place)
            : reader.Number("threads", least: 1, most: MostThreads);

    private static Setting<AddressConfig?>? Endpoint(MapReader reader, string key, BindingContext context)
    {
        var text = reader.Text(key);
        if (text is null || text.Value == "off")
        {
            return text is null ? null : new Setting<AddressConfig?>(null, text.Place);
        }
        var refusal = AddressText.ReadListen(text.Value, out var address);
        if (refusal is not null)
        {
            context.Problems.Error(text.Place, $"directive \"{key}\" {refusal} (or off): '{text.Value}'");
            return null;
        }
        return new Setting<AddressConfig?>(address, text.Place);
    }

    private static LogConfig Log(MapReader process)
    {
        var reader = process.Section("log", process.Map("log"));
        var log = new LogConfig
        {
            File = reader.Text("file"),
            Level = reader.Choice("level", Levels, "is not a level"),
            Format = reader.Choice("format", Formats, "is not \"text\" or \"json\""),
        };
        reader.RefuseOthers();
        return log;
    }
}
