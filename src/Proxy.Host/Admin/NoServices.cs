namespace Proxy.Host.Admin;

/// <summary>The services of a web server that needs none.</summary>
internal sealed class NoServices : IServiceProvider
{
    /// <summary>The only instance.</summary>
    public static readonly NoServices Instance = new();

    /// <inheritdoc/>
    public object? GetService(Type serviceType) => null;
}
