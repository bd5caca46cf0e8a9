namespace Proxy.Core.Configuration.Validation;

/// <summary>
/// Checks one topic of a configuration and reports all that is wrong with it. What could not be read is null and already reported.
/// </summary>
internal interface IConfigValidator
{
    /// <summary>Checks the whole configuration.</summary>
    public void Validate(ProxyConfig config, ConfigProblems problems);
}
