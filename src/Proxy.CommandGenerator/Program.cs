using System.Globalization;
using Proxy.CommandGenerator;

// Regenerates what the proxy knows of commands from a real server:
//   dotnet run --project src/Proxy.CommandGenerator [-- --server HOST:PORT | --redis-server PATH]
// Without --server it starts a redis-server of its own. It writes src/Proxy.Resp/Commands/Data and the README's table.
string? server = null;
var executable = "redis-server";
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--server" && i + 1 < args.Length)
    {
        server = args[++i];
    }
    else if (args[i] == "--redis-server" && i + 1 < args.Length)
    {
        executable = args[++i];
    }
    else
    {
        Console.Error.WriteLine("usage: Proxy.CommandGenerator [--server HOST:PORT | --redis-server PATH]");
        return 2;
    }
}

var repository = Repository.Find(AppContext.BaseDirectory);
using var process = server is null ? new ServerProcess(executable) : null;
var colon = server?.LastIndexOf(':') ?? -1;
using var connection = process is not null
    ? new ServerConnection("127.0.0.1", process.Port)
    : new ServerConnection(server![..colon], int.Parse(server![(colon + 1)..], CultureInfo.InvariantCulture));

CommandFiles.Regenerate(connection, repository);
return 0;
