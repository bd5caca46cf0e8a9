using Proxy.Testing;

namespace Proxy.IntegrationTests.Administration;

/// <summary>A reply to INFO, taken apart.</summary>
internal sealed class Info
{
    private Info(List<(string Section, string Name, string Value)> fields, List<string> sections)
    {
        Fields = fields;
        Sections = sections;
    }

    /// <summary>Every line.</summary>
    public IReadOnlyList<(string Section, string Name, string Value)> Fields { get; }

    /// <summary>The names of the sections in their order.</summary>
    public IReadOnlyList<string> Sections { get; }

    /// <summary>The value of the only field of that name; null if there is none.</summary>
    public string? this[string name] => Fields.SingleOrDefault(field => field.Name == name).Value;

    public static Info Parse(string reply)
    {
        var fields = new List<(string Section, string Name, string Value)>();
        var sections = new List<string>();
        foreach (var line in reply.Split("\r\n").Skip(1))
        {
            var text = line.StartsWith("txt:", StringComparison.Ordinal) ? line["txt:".Length..] : line;
            if (text.StartsWith("# ", StringComparison.Ordinal))
            {
                sections.Add(text[2..]);
            }
            else if (text.Split(':', 2) is [var name, var value])
            {
                fields.Add((sections[^1], name, value));
            }
        }

        return new Info(fields, sections);
    }

    /// <summary>The same of a client's or a server's answer.</summary>
    public static Info Of(RespClient client, params string[] sections) => Parse(client.Call(["INFO", .. sections]));
}
