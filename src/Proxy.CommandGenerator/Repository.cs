namespace Proxy.CommandGenerator;

/// <summary>Where the generated files stand.</summary>
internal sealed record Repository(string Root)
{
    public string CommandTable => Path.Combine(Root, "src", "Proxy.Resp", "Commands", "Data", "commands.json");

    public string CommandDocs => Path.Combine(Root, "src", "Proxy.Resp", "Commands", "Data", "command-docs.json");

    public string KeyExamples => Path.Combine(Root, "tests", "Proxy.Resp.Tests", "Commands", "Data", "key-examples.txt");

    public string Readme => Path.Combine(Root, "README.md");

    /// <summary>The repository that <paramref name="start"/> lies in: the folder with Proxy.sln.</summary>
    /// <exception cref="InvalidOperationException">No folder above has Proxy.sln.</exception>
    public static Repository Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Proxy.sln")))
            {
                return new Repository(folder.FullName);
            }
        }

        throw new InvalidOperationException($"no folder above {start} has Proxy.sln");
    }
}
