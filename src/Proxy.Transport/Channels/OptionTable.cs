using System.Diagnostics.CodeAnalysis;
using DotNetty.Transport.Channels;

namespace Proxy.Transport.Channels;

/// <summary>The options that a kind of configuration has beside DotNetty's own, each said once. Built once per kind, then only read.</summary>
/// <typeparam name="TConfiguration">Whose options.</typeparam>
internal sealed class OptionTable<TConfiguration>
{
    private readonly Dictionary<object, object> _rows = new(ReferenceEqualityComparer.Instance);

    /// <summary>Adds an option.</summary>
    /// <returns>The table.</returns>
    public OptionTable<TConfiguration> Add<T>(ChannelOption<T> option, Func<TConfiguration, T> get, Action<TConfiguration, T> set)
    {
        _rows.Add(option, new Row<T>(get, set));
        return this;
    }

    /// <summary>Reads an option.</summary>
    /// <returns>False if it is none of these.</returns>
    public bool TryGet<T>(TConfiguration configuration, ChannelOption<T> option, [MaybeNullWhen(false)] out T value)
    {
        var row = Find(option);
        value = row is null ? default : row.Get(configuration);
        return row is not null;
    }

    /// <summary>Sets an option.</summary>
    /// <returns>False if it is none of these.</returns>
    public bool TrySet<T>(TConfiguration configuration, ChannelOption<T> option, T value)
    {
        var row = Find(option);
        row?.Set(configuration, value);
        return row is not null;
    }

    private Row<T>? Find<T>(ChannelOption<T> option) => _rows.TryGetValue(option, out var row) ? (Row<T>)row : null;

    private sealed record Row<T>(Func<TConfiguration, T> Get, Action<TConfiguration, T> Set);
}
