using Proxy.Core.Configuration.Binding;
using Proxy.Core.Configuration.Nodes;
using Proxy.Core.Configuration.Validation;

namespace Proxy.Core.Configuration;

/// <summary>
/// From the nodes of a file to the model, in three steps: bind what was written, validate it topic by topic, build the model. The first two
/// report every problem they find; the third happens only when there is no error.
/// </summary>
internal static class ConfigLoader
{
    /// <summary>Loads a file's nodes.</summary>
    public static ConfigResult Load(ConfigNode root, HostResolver resolver)
    {
        var problems = new ConfigProblems();
        var config = ProxyBinder.Bind(root, new BindingContext(problems));
        foreach (var validator in Validators(resolver))
        {
            validator.Validate(config, problems);
        }
        var model = problems.HasErrors ? null : ModelBuilder.Build(config, resolver, problems);
        return new ConfigResult(problems.HasErrors ? null : model, problems.InFileOrder());
    }

    private static IConfigValidator[] Validators(HostResolver resolver) => [new PoolsValidator(), new ListenValidator(resolver)];
}
