namespace Proxy.IntegrationTests.Differential;

/// <summary>Requests that belong together, to be made one after the other of servers that are empty before.</summary>
/// <param name="Name">What they are about.</param>
/// <param name="Lines">A request each, as <see cref="Twins.AskLine"/> takes it.</param>
public sealed record Chapter(string Name, params string[] Lines)
{
    public override string ToString() => Name;
}
