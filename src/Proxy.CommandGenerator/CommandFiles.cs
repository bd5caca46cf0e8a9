using Proxy.Resp.Commands;

namespace Proxy.CommandGenerator;

/// <summary>All generated files, written from one server.</summary>
internal static class CommandFiles
{
    public static void Regenerate(ServerConnection server, Repository repository)
    {
        var version = Version(server);
        CommandTableWriter.Write(repository.CommandTable, version, server.Ask("COMMAND"));
        CommandDocsWriter.Write(repository.CommandDocs, version, server.Ask("COMMAND", "DOCS"));
        KeyExamples.Refresh(repository.KeyExamples, server);
        WriteReadme(repository);
    }

    // From the files just written: the tables inside the running program are those of before.
    private static void WriteReadme(Repository repository)
    {
        using var table = File.OpenRead(repository.CommandTable);
        using var docs = File.OpenRead(repository.CommandDocs);
        var readme = File.Exists(repository.Readme) ? File.ReadAllText(repository.Readme) : "";
        readme = ReadmeTable.Replace(readme, CommandTableReader.Read(table), CommandDocs.Read(docs));
        File.WriteAllText(repository.Readme, ReadmeSection.Replace(readme, LaterReadmeTable.Section, LaterReadmeTable.Render()));
    }

    // INFO server has a line `redis_version:7.0.15`.
    private static string Version(ServerConnection server)
    {
        const string Field = "redis_version:";
        var line = server.Ask("INFO", "server").Text.Split("\r\n").First(line => line.StartsWith(Field, StringComparison.Ordinal));
        return line[Field.Length..];
    }
}
