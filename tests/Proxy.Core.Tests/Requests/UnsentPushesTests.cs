using NUnit.Framework;
using Proxy.Core.Requests;

namespace Proxy.Core.Tests.Requests;

public sealed class UnsentPushesTests
{
    private readonly UnsentPushes _pushes = new();

    [Test]
    public void PushesAndReplies_SentAnyhow_AreToldApart([Values(1, 2, 3, 5, 7, 100)] int step)
    {
        // p: a byte of a push, r: of a reply.
        var output = new Queue<char>();
        foreach (var part in new[] { "rrr", "pp", "ppp", "r", "p", "rrrr", "pppp" })
        {
            if (part[0] == 'p')
            {
                _pushes.Add(output.Count, part.Length);
            }

            foreach (var one in part)
            {
                output.Enqueue(one);
            }

            Send(output, Math.Min(step / 2, output.Count));
        }

        while (output.Count > 0)
        {
            Send(output, Math.Min(step, output.Count));
        }

        Assert.That(_pushes.Length, Is.Zero);
    }

    [Test]
    public void RepliesThatPassWithoutAPush_ChangeNothing()
    {
        _pushes.OnSent(1000);
        _pushes.Add(5, 3);
        _pushes.OnSent(6);

        Assert.That(_pushes.Length, Is.EqualTo(2));
    }

    private void Send(Queue<char> output, int count)
    {
        for (var i = 0; i < count; i++)
        {
            output.Dequeue();
        }

        _pushes.OnSent(count);
        Assert.That(_pushes.Length, Is.EqualTo(output.Count(one => one == 'p')));
    }
}
