using Proxy.Host.Yaml;

namespace Proxy.Host.CommandLine;

/// <summary>The answer of <c>-t</c>: every error and warning, then nutcracker's line.</summary>
internal static class ConfigReport
{
    /// <summary>Writes the report to standard error.</summary>
    /// <returns>The exit code: 0 for a valid file, 1 for another.</returns>
    public static async Task<int> WriteAsync(string path, LoadedConfig loaded)
    {
        foreach (var line in loaded.Errors.Concat(loaded.Warnings))
        {
            await Console.Error.WriteLineAsync(line);
        }
        var verdict = loaded.Model is null ? "invalid" : "ok";
        await Console.Error.WriteLineAsync($"redis-proxy: configuration file '{path}' syntax is {verdict}");
        return loaded.Model is null ? 1 : 0;
    }
}
