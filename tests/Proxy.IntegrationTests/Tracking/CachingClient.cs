using Proxy.Testing;

namespace Proxy.IntegrationTests.Tracking;

/// <summary>A client that keeps what it read until it is told that it is no longer valid.</summary>
internal sealed class CachingClient : IDisposable
{
    private readonly RespClient _client;
    private readonly Random _random;
    private readonly IReadOnlyList<string> _keys;

    public CachingClient(RespClient client, string mode, int seed, IReadOnlyList<string> keys)
    {
        _client = client;
        _random = new Random(seed);
        _keys = keys;
        _client.Call("HELLO", "3");
        _client.Call(["CLIENT", "TRACKING", "ON", .. mode.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
    }

    /// <summary>Key and reply.</summary>
    public Dictionary<string, string> Cached { get; } = [];

    /// <summary>How many values it was told to forget.</summary>
    public int Invalidated { get; private set; }

    /// <summary>Sends some reads at once, and sometimes a write, and reads the replies.</summary>
    public void Read()
    {
        var keys = Enumerable.Range(0, _random.Next(1, 30)).Select(_ => _keys[_random.Next(_keys.Count)]).ToArray();
        var writes = keys.Select(_ => _random.Next(20) == 0).ToArray();
        _client.Send([.. keys.SelectMany((key, i) => writes[i] ? RespFrame.Request("SET", key, $"{_random.Next()}") : RespFrame.Request("GET", key))]);
        for (var i = 0; i < keys.Length; i++)
        {
            var reply = Reply();
            if (!writes[i] && reply[0] != '-')
            {
                Cached[keys[i]] = reply;
            }
        }
    }

    /// <summary>Takes the invalidations that came meanwhile.</summary>
    public void TakeInvalidations()
    {
        _client.SendCommand("PING");
        Reply();
    }

    public void Dispose() => _client.Dispose();

    private string Reply()
    {
        for (var frame = _client.ReadReply(); ; frame = _client.ReadReply())
        {
            if (frame[0] != '>')
            {
                return frame;
            }

            Forget(frame);
        }
    }

    // >2 $10 invalidate *n $len key …, or _ for all
    private void Forget(string push)
    {
        Invalidated++;
        var lines = push.Split("\r\n");
        if (lines[3] == "_")
        {
            Cached.Clear();
        }

        for (var i = 5; i < lines.Length; i += 2)
        {
            Cached.Remove(lines[i]);
        }
    }
}
