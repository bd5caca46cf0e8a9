using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Proxy.CommandGenerator;

/// <summary>The form of both data files: an object with the server's version and an array of commands, one a line, so that a new version shows as a readable difference.</summary>
internal static class JsonRows
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="path">The file to write.</param>
    /// <param name="server">Version of the server, `7.0.15`.</param>
    /// <param name="commands">The rows in the order of the file.</param>
    /// <param name="write">Writes the members of one row's object.</param>
    public static void Write(string path, string server, IEnumerable<RespNode> commands, Action<Utf8JsonWriter, RespNode> write)
    {
        var text = new StringBuilder("{\"server\":\"").Append(server).Append("\",\"commands\":[\n");
        text.AppendJoin(",\n", commands.Select(command => Row(command, write)));
        text.Append("\n]}\n");
        File.WriteAllText(path, text.ToString());
    }

    private static string Row(RespNode command, Action<Utf8JsonWriter, RespNode> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            write(json, command);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
