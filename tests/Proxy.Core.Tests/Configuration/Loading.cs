using System.Net;
using Proxy.Core.Configuration;
using Proxy.Core.Model;

namespace Proxy.Core.Tests.Configuration;

/// <summary>Loads configurations written in <see cref="ConfigText"/>.</summary>
internal static class Loading
{
    public static readonly Dictionary<string, IPAddress[]> Hosts = new()
    {
        ["localhost"] = [IPAddress.Loopback],
        ["both.example"] = [IPAddress.Parse("10.0.0.2"), IPAddress.Parse("10.0.0.1")],
    };

    public static HostResolver Resolver() => new(host => Hosts.GetValueOrDefault(host, []));

    public static ConfigResult Load(string text) => ConfigLoader.Load(ConfigText.Parse(text), Resolver());

    /// <summary>The model of a file without errors.</summary>
    public static ProxyModel Model(string text)
    {
        var result = Load(text);
        return result.Model ?? throw new InvalidOperationException(string.Join('\n', result.Problems.Select(problem => problem.Format("f"))));
    }

    /// <summary>The only pool of a file that has the given directives below one that is complete.</summary>
    public static PoolModel Pool(string directives) => Model(PoolText.With(directives)).Pools.Single();

    /// <summary>All errors, as <c>line:column: path: reason</c>.</summary>
    public static string[] Errors(string text) => Lines(text, isWarning: false);

    /// <summary>All warnings, as <c>line:column: warning: path: reason</c>.</summary>
    public static string[] Warnings(string text) => Lines(text, isWarning: true);

    /// <summary>The errors of a pool that has the given directives below one that is complete, without their places.</summary>
    public static string[] PoolErrors(string directives) => Reasons(PoolText.With(directives), isWarning: false);

    /// <summary>The warnings of such a pool.</summary>
    public static string[] PoolWarnings(string directives) => Reasons(PoolText.With(directives), isWarning: true);

    /// <summary>The errors of a process section, without their places.</summary>
    public static string[] ProcessErrors(string directives) => Reasons(PoolText.WithProcess(directives), isWarning: false);

    private static string[] Lines(string text, bool isWarning) =>
        [.. Load(text).Problems.Where(problem => problem.IsWarning == isWarning).Select(problem => problem.Format("f")["f:".Length..])];

    private static string[] Reasons(string text, bool isWarning) =>
        [.. Load(text).Problems.Where(problem => problem.IsWarning == isWarning).Select(problem => $"{problem.Path}: {problem.Text}")];
}
