using System.Collections.Concurrent;
using System.Diagnostics;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.PubSub;

/// <summary>
/// Thousands of subscribers come and go while messages are published without a pause and servers are killed and started again. Each message
/// says its channel and its number there: nobody hears what is not his, nothing comes twice or out of order, and nothing is missing but around the
/// death of a server.
/// </summary>
public sealed class PubSubStressTests
{
    private const int Servers = 3;
    private const int Channels = 40;
    private const int Publishers = 2;
    private const int Subscribers = 24;

    private readonly ConcurrentQueue<string> _problems = new();
    private readonly Stopwatch _clock = new();
    private List<RedisServer> _servers = null!;
    private ProxyProcess _proxy = null!;
    private TimeSpan _time;
    private long _sessions;
    private long _heard;

    // Milliseconds of the clock from which and until which messages may be missing.
    private long _disturbedFrom = long.MaxValue;
    private long _disturbedUntil = long.MaxValue;

    [TestCase(6, 0)]
    [TestCase(45, 3, Category = "Long")]
    public void SubscribersComeAndGo_EachHearsWhatIsItsOwn(int seconds, int restarts)
    {
        using var metrics = new MetricsReader();
        _servers = [.. Enumerable.Range(0, Servers).Select(_ => RedisServer.Start())];
        try
        {
            var file = ProxyFile.Of([.. _servers.Select(server => server.Address)]) with { Keys = ["threads: 2", metrics.Key] };
            using (_proxy = ProxyProcess.Start(file))
            {
                Run(TimeSpan.FromSeconds(seconds), restarts);
                TestContext.Out.WriteLine($"{_sessions} sessions heard {_heard} messages");
                Assert.That(_problems, Is.Empty);
                Assert.That(_sessions, Is.GreaterThan(Subscribers));
                Eventually.Equal(() => metrics.Sum("redis_proxy_subscriptions"), 0, "subscriptions of clients");
                Eventually.Equal(() => metrics.Sum("redis_proxy_client_buffered_bytes"), 0, "bytes for clients");
                Eventually.Equal(() => _servers.Sum(Subscribed), 0, "subscriptions at the servers", TimeSpan.FromSeconds(30));
            }
        }
        finally
        {
            _servers.ForEach(server => server.Dispose());
        }
    }

    private void Run(TimeSpan time, int restarts)
    {
        _time = time;
        _clock.Start();
        var threads = new List<Thread>();
        for (var i = 0; i < Publishers; i++)
        {
            var publisher = i;
            threads.Add(Start(() => Publish(publisher)));
        }

        for (var i = 0; i < Subscribers; i++)
        {
            var random = new Random(i);
            threads.Add(Start(() => ComeAndGo(random)));
        }

        for (var i = 0; i < restarts; i++)
        {
            Eventually.LetTimePass(time / (restarts + 1));
            Volatile.Write(ref _disturbedUntil, long.MaxValue);
            Volatile.Write(ref _disturbedFrom, _clock.ElapsedMilliseconds);
            _servers[i % Servers].Restart();

            // Until the proxy has found it again and subscribed anew.
            Volatile.Write(ref _disturbedUntil, _clock.ElapsedMilliseconds + 5000);
        }

        threads.ForEach(thread => thread.Join());
    }

    private bool IsOver => _clock.Elapsed > _time || !_problems.IsEmpty;

    private Thread Start(Action action)
    {
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                _problems.Enqueue(problem.ToString());
            }
        });
        thread.Start();
        return thread;
    }

    private void Publish(int publisher)
    {
        using var client = _proxy.Connect();
        for (var number = 0; !IsOver; number++)
        {
            var own = Enumerable.Range(0, Channels).Where(channel => channel % Publishers == publisher).ToList();
            client.Send([.. own.SelectMany(channel => RespFrame.Request("PUBLISH", $"channel:{channel}", $"channel:{channel} {number}"))]);
            foreach (var channel in own)
            {
                var reply = client.ReadReply();
                if (reply[0] != ':' && !IsDisturbed(_clock.ElapsedMilliseconds))
                {
                    _problems.Enqueue($"publishing to channel:{channel}: {reply}");
                }
            }
        }
    }

    private void ComeAndGo(Random random)
    {
        while (!IsOver)
        {
            using var client = _proxy.Connect();
            client.Call("HELLO", "3");
            var own = $"own:{random.Next()}";
            var channels = Enumerable.Range(0, Channels).OrderBy(_ => random.Next()).Take(random.Next(1, 4)).Select(channel => $"channel:{channel}").ToArray();
            client.SendCommand(["SUBSCRIBE", .. channels]);
            if (client.ReadReply() is ['-', ..] error)
            {
                if (!IsDisturbed(_clock.ElapsedMilliseconds))
                {
                    _problems.Enqueue($"subscribing: {error}");
                }

                continue;
            }

            client.ReadReplies(channels.Length - 1);
            client.SendCommand("ECHO", own);
            Listen(client, channels, own, _clock.ElapsedMilliseconds + random.Next(150));
            Interlocked.Increment(ref _sessions);
        }
    }

    private void Listen(RespClient client, string[] channels, string own, long until)
    {
        var numbers = channels.ToDictionary(channel => channel, _ => -1L);
        var heardMs = channels.ToDictionary(channel => channel, _ => 0L);
        var hasReply = false;
        while (!hasReply || _clock.ElapsedMilliseconds < until)
        {
            if (hasReply && !client.HasInput)
            {
                Eventually.LetTimePass(TimeSpan.FromMilliseconds(1));
                continue;
            }

            var frame = client.ReadReply();
            if (frame[0] != '>')
            {
                hasReply = true;
                if (frame != RespFrame.Bulk(own))
                {
                    _problems.Enqueue($"the reply to ECHO {own}: {frame}");
                }

                continue;
            }

            // >3 $7 message $9 channel:1 $12 channel:1 77
            var lines = frame.Split("\r\n");
            var (channel, payload) = (lines[4], lines[6].Split(' '));
            var number = long.Parse(payload[1]);
            if (!numbers.TryGetValue(channel, out var before) || payload[0] != channel || number <= before)
            {
                _problems.Enqueue($"a client of {string.Join(' ', channels)} hears {string.Join(' ', payload)} in {channel} after {before}");
                return;
            }

            var nowMs = _clock.ElapsedMilliseconds;
            if (before >= 0 && number != before + 1 && !IsDisturbed(nowMs) && !IsDisturbed(heardMs[channel]))
            {
                _problems.Enqueue($"in {channel} {number} comes after {before}");
            }

            numbers[channel] = number;
            heardMs[channel] = nowMs;
            Interlocked.Increment(ref _heard);
        }
    }

    private bool IsDisturbed(long atMs) => atMs >= Volatile.Read(ref _disturbedFrom) && atMs <= Volatile.Read(ref _disturbedUntil);

    private static int Subscribed(RedisServer server) => int.Parse(server.Call("PUBSUB", "CHANNELS").Split('\r')[0][1..]);
}
