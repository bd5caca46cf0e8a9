using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Proxy.CommandGenerator;

/// <summary>A blocking RESP3 connection to the server whose table is taken.</summary>
internal sealed class ServerConnection : IDisposable
{
    private readonly TcpClient _client;
    private readonly BufferedStream _stream;

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public ServerConnection(string host, int port)
    {
        _client = new TcpClient(host, port);
        _stream = new BufferedStream(_client.GetStream());
        // Version 3 tells sets and maps from arrays; version 2 can be derived from it, not the other way round.
        Ask("HELLO", "3");
    }

    /// <exception cref="InvalidDataException">The server answered with an error, or not in RESP.</exception>
    public RespNode Ask(params string[] arguments)
    {
        var reply = TryAsk(arguments);
        return reply.Kind == '-' ? throw new InvalidDataException($"{arguments[0]}: {reply.Text}") : reply;
    }

    /// <summary>The same; an error is a reply like others.</summary>
    public RespNode TryAsk(params string[] arguments)
    {
        var request = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{arguments.Length}\r\n");
        foreach (var argument in arguments)
        {
            request.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(argument)}\r\n{argument}\r\n");
        }

        _stream.Write(Encoding.UTF8.GetBytes(request.ToString()));
        _stream.Flush();
        return Read();
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    private RespNode Read()
    {
        var line = ReadLine();
        var kind = line[0];
        var text = line[1..];
        return kind switch
        {
            '+' or '-' or ':' or '_' or ',' or '#' or '(' => new RespNode(kind, text, []),
            '$' or '=' => new RespNode('$', ReadBulk(Number(text)), []),
            '*' or '~' => new RespNode(kind, "", ReadMany(Number(text))),
            '%' => new RespNode(kind, "", ReadMany(2 * Number(text))),
            _ => throw new InvalidDataException($"unexpected reply `{line}`"),
        };
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private RespNode[] ReadMany(int count)
    {
        var items = new RespNode[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = Read();
        }

        return items;
    }

    private string ReadBulk(int length)
    {
        var bytes = new byte[length + 2];
        _stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private string ReadLine()
    {
        var line = new StringBuilder();
        while (true)
        {
            var next = _stream.ReadByte();
            if (next < 0)
            {
                throw new InvalidDataException("the server closed the connection");
            }

            if (next == '\r')
            {
                _stream.ReadByte();
                return line.ToString();
            }

            line.Append((char)next);
        }
    }
}
