namespace Proxy.CommandGenerator;

/// <summary>All generated files, written from one server.</summary>
internal static class CommandFiles
{
    public static void Regenerate(ServerConnection server, Repository repository)
    {
        var version = Version(server);
        CommandTableWriter.Write(repository.CommandTable, version, server.Ask("COMMAND"));
        CommandDocsWriter.Write(repository.CommandDocs, version, server.Ask("COMMAND", "DOCS"));
    }

    // INFO server has a line `redis_version:7.0.15`.
    private static string Version(ServerConnection server)
    {
        const string Field = "redis_version:";
        var line = server.Ask("INFO", "server").Text.Split("\r\n").First(line => line.StartsWith(Field, StringComparison.Ordinal));
        return line[Field.Length..];
    }
}
