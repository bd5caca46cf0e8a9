using System.Buffers;
using System.Text;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration.Joining;

/// <summary>
/// CONFIG GET: each setting once. Where the servers differ, the first server's value, but of <c>databases</c> the least and of
/// <c>notify-keyspace-events</c> what all of them notify of: so much can be relied on.
/// </summary>
internal sealed class ConfigGetJoiner : ReplyJoiner
{
    // Redis's order of the letters; those up to `d` are what `A` stands for.
    private const string Events = "g$lshzxetdnKEm";
    private const string AllEvents = "g$lshzxetd";

    /// <summary>The only one.</summary>
    public static ConfigGetJoiner Instance { get; } = new();

    /// <inheritdoc/>
    public override bool TryJoin(IReadOnlyList<ServerReply> replies, IBufferWriter<byte> output, int version)
    {
        if (replies.Any(reply => !reply.Reply.HasItems))
        {
            return false;
        }

        var settings = replies.SelectMany(reply => reply.Reply.Pairs).GroupBy(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal).ToList();
        RespWriter.MapHeader(output, settings.Count, version);
        foreach (var setting in settings)
        {
            RespWriter.Bulk(output, Encoding.Latin1.GetBytes(setting.Key));
            Write(setting.Key, [.. setting], output);
        }

        return true;
    }

    private static void Write(string name, IReadOnlyList<ReplyNode> values, IBufferWriter<byte> output)
    {
        switch (name)
        {
            case "databases":
                values.MinBy(value => value.Integer)!.WriteTo(output);
                break;
            case "notify-keyspace-events" when values.Any(value => value.Name != values[0].Name):
                RespWriter.Bulk(output, Encoding.ASCII.GetBytes(Common(values.Select(value => value.Name))));
                break;
            default:
                values[0].WriteTo(output);
                break;
        }
    }

    /// <summary>The letters that all have, as Redis writes them.</summary>
    private static string Common(IEnumerable<string> values)
    {
        var common = Events.Where(letter => values.All(value => value.Contains(letter) || (value.Contains('A') && AllEvents.Contains(letter)))).ToArray();
        return AllEvents.All(letter => common.Contains(letter))
            ? "A" + string.Concat(common.Where(letter => !AllEvents.Contains(letter) && letter != 'n'))
            : string.Concat(common);
    }
}
