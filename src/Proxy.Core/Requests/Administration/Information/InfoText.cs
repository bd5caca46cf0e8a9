using System.Text;

namespace Proxy.Core.Requests.Administration.Information;

/// <summary>
/// The text of INFO, taken apart. Each character is one byte, so that what is not ASCII (a path) comes out as it went in.
/// <code>
///   # Server\r\nredis_version:7.0.15\r\n…\r\n\r\n# Clients\r\n…\r\n
/// </code>
/// </summary>
internal sealed class InfoText
{
    /// <summary>The sections in their order.</summary>
    public List<InfoSection> Sections { get; } = [];

    /// <summary>The section of that name; null if there is none.</summary>
    public InfoSection? this[string name] => Sections.Find(section => section.Name == name);

    /// <summary>Takes a server's text apart.</summary>
    public static InfoText Parse(ReadOnlySpan<byte> text)
    {
        var info = new InfoText();
        foreach (var line in Encoding.Latin1.GetString(text).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                info.Sections.Add(new InfoSection(line[1..].Trim()));
                continue;
            }

            if (info.Sections.Count == 0)
            {
                info.Sections.Add(new InfoSection(""));
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            info.Sections[^1].Fields.Add(colon < 0 ? new InfoField(line, "") : new InfoField(line[..colon], line[(colon + 1)..]));
        }

        return info;
    }

    /// <summary>The text as Redis writes it: an empty line between two sections.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        foreach (var section in Sections)
        {
            text.Append(text.Length > 0 ? "\r\n" : "");
            if (section.Name.Length > 0)
            {
                text.Append("# ").Append(section.Name).Append("\r\n");
            }

            foreach (var field in section.Fields)
            {
                text.Append(field.Name).Append(':').Append(field.Value).Append("\r\n");
            }
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }
}
