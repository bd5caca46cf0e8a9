namespace Proxy.Core.Requests.Administration.Information;

/// <summary>A section of INFO: fields in their order. A name may stand in it more than once (<c>module:</c>).</summary>
/// <param name="name">As in its heading, <c>Server</c>; empty for what stands before the first heading.</param>
internal sealed class InfoSection(string name)
{
    /// <summary>As in its heading.</summary>
    public string Name { get; } = name;

    /// <summary>Its lines.</summary>
    public List<InfoField> Fields { get; } = [];

    /// <summary>The value of a field; null if it has none of that name.</summary>
    public string? this[string name] => Fields.Find(field => field.Name == name)?.Value;

    /// <summary>Gives a field that is there another value.</summary>
    public void Replace(string name, string value)
    {
        var at = Fields.FindIndex(field => field.Name == name);
        if (at >= 0)
        {
            Fields[at] = new InfoField(name, value);
        }
    }
}
