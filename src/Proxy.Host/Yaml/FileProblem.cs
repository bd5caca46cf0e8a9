namespace Proxy.Host.Yaml;

/// <summary>Says what is wrong with a file in the words that every other program uses.</summary>
internal static class FileProblem
{
    /// <summary>The reason, without the path.</summary>
    public static string Describe(string path, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => "No such file or directory",
        UnauthorizedAccessException when Directory.Exists(path) => "Is a directory",
        UnauthorizedAccessException => "Permission denied",
        _ => failure.Message,
    };
}
