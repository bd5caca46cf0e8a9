namespace Proxy.CommandGenerator;

/// <summary>
/// The tests' examples of requests with keys, a line each: the request (`""` is an empty argument), what COMMAND GETKEYSANDFLAGS says of it, and
/// how the server answers it with no data, separated by tabs. The first column is written by hand, the others here.
/// </summary>
internal static class KeyExamples
{
    public static void Refresh(string path, ServerConnection server)
    {
        var requests = File.ReadAllLines(path).Select(line => line.Split('\t')[0]);
        File.WriteAllLines(path, [.. requests.Select(request => $"{request}\t{Keys(request, server)}\t{Execution(request, server)}")]);
    }

    // `a RO,access b OW,update`, or the error.
    private static string Keys(string request, ServerConnection server)
    {
        var reply = server.TryAsk(["COMMAND", "GETKEYSANDFLAGS", .. Arguments(request)]);
        return reply.Kind == '-' ? $"-{reply.Text}" : string.Join(' ', reply.Items.Select(key => $"{key.Items[0].Text} {string.Join(',', key.Items[1].Texts)}"));
    }

    // The error, or `ok`; empty for MIGRATE, which would wait for a server that is not there, and SSUBSCRIBE, which would change the connection.
    private static string Execution(string request, ServerConnection server)
    {
        if (request.StartsWith("MIGRATE", StringComparison.Ordinal) || request.StartsWith("SSUBSCRIBE", StringComparison.Ordinal))
        {
            return "";
        }

        server.Ask("FLUSHALL");
        var reply = server.TryAsk(Arguments(request));
        server.Ask("UNWATCH");
        return reply.Kind == '-' ? $"-{reply.Text}" : "ok";
    }

    private static string[] Arguments(string request) => [.. request.Split(' ').Select(argument => argument == "\"\"" ? "" : argument)];
}
