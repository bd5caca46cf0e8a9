using System.Text;
using Proxy.Core.Configuration;
using Proxy.Core.Configuration.Binding;
using Proxy.Core.Configuration.Nodes;
using Proxy.Host.Yaml;

namespace Proxy.Host.Tests.Documentation;

/// <summary>The keys that the binders ask for: what the configuration knows.</summary>
internal static class ConfigurationKeys
{
    // A server that is a map has keys of its own.
    private const string Smallest =
        """
        pools:
          p:
            servers:
              - {}
        """;

    /// <summary>The keys below <c>proxy:</c>, <c>log.level</c>.</summary>
    public static IReadOnlyList<string> OfProcess { get; } = Below("proxy.");

    /// <summary>The keys of a pool, <c>listen</c>, <c>range.by</c>, <c>servers[].name</c>.</summary>
    public static IReadOnlyList<string> OfPool { get; } = Below("pools.p.");

    /// <summary>The single values and empty lists of a file's <c>proxy:</c> section or of its only pool, by their keys.</summary>
    public static IReadOnlyDictionary<string, string> ValuesIn(string path, bool ofPool)
    {
        var root = Root(File.ReadAllBytes(path));
        var section = (ConfigMap)root.Find(ofPool ? "pools" : "proxy")!;
        var values = new Dictionary<string, string>();
        Collect(ofPool ? (ConfigMap)section.Entries.Single().Value : section, "", values);
        return values;
    }

    private static string[] Below(string prefix)
    {
        var context = new BindingContext(new ConfigProblems());
        ProxyBinder.Bind(Root(Encoding.UTF8.GetBytes(Smallest)), context);
        var known = context.KnownPaths;
        return
        [
            .. known
                .Where(path => path.StartsWith(prefix, StringComparison.Ordinal) && !known.Any(other => other.StartsWith(path + ".", StringComparison.Ordinal)))
                .Select(path => path[prefix.Length..].Replace("[0]", "[]")),
        ];
    }

    private static ConfigMap Root(byte[] yaml) => (ConfigMap)YamlReader.Read(yaml).Root!;

    private static void Collect(ConfigMap map, string prefix, Dictionary<string, string> values)
    {
        foreach (var (key, value) in map.Entries)
        {
            switch (value)
            {
                case ConfigScalar scalar:
                    values.Add(prefix + key.Text, scalar.Text);
                    break;
                case ConfigSequence { Items.Count: 0 }:
                    values.Add(prefix + key.Text, "[]");
                    break;
                case ConfigMap below:
                    Collect(below, $"{prefix}{key.Text}.", values);
                    break;
            }
        }
    }
}
