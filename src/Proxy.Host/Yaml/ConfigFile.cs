using Proxy.Core.Configuration;
using Proxy.Core.Model;

namespace Proxy.Host.Yaml;

/// <summary>Loads a configuration file, at start and at every reload.</summary>
internal static class ConfigFile
{
    // A hundred times the largest sensible file; what is larger is no configuration (/dev/zero).
    private const int LargestFile = 16 << 20;

    /// <summary>Loads a file. Never throws for what is wrong with it.</summary>
    public static LoadedConfig Load(string path)
    {
        byte[] bytes;
        try
        {
            bytes = ReadAll(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new LoadedConfig(null, [$"failed to open configuration '{path}': {FileProblem.Describe(path, failure)}"], []);
        }
        var yaml = YamlReader.Read(bytes);
        return yaml.Root is null
            ? Lines(path, null, [yaml.Problem!])
            : Load(path, ConfigLoader.Load(yaml.Root, HostResolver.OfSystem()));
    }

    private static LoadedConfig Load(string path, ConfigResult result) => Lines(path, result.Model, result.Problems);

    private static LoadedConfig Lines(string path, ProxyModel? model, IReadOnlyList<ConfigProblem> problems)
    {
        var errors = problems.Where(problem => !problem.IsWarning).Select(problem => problem.Format(path));
        var warnings = problems.Where(problem => problem.IsWarning).Select(problem => problem.Format(path));
        return new LoadedConfig(model, [.. errors], [.. warnings]);
    }

    private static byte[] ReadAll(string path)
    {
        using var file = File.OpenRead(path);
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            content.Write(buffer, 0, read);
            if (content.Length > LargestFile)
            {
                throw new IOException($"File too large (more than {LargestFile} bytes)");
            }
        }
        return content.ToArray();
    }
}
