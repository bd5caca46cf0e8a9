namespace Proxy.Core.Configuration.Nodes;

/// <summary>A place in the file.</summary>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Column">The column, counted from 1.</param>
internal readonly record struct ConfigMark(int Line, int Column) : IComparable<ConfigMark>
{
    /// <summary>The beginning of the file, for what stands nowhere in it.</summary>
    public static readonly ConfigMark Start = new(1, 1);

    /// <inheritdoc/>
    public int CompareTo(ConfigMark other) =>
        Line != other.Line ? Line.CompareTo(other.Line) : Column.CompareTo(other.Column);
}
