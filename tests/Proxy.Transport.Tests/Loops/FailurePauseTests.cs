using NUnit.Framework;
using Proxy.Transport.Loops;

namespace Proxy.Transport.Tests.Loops;

public sealed class FailurePauseTests
{
    private readonly List<TimeSpan> _pauses = [];
    private readonly List<int> _logged = [];
    private readonly Clock _clock = new();
    private FailurePause _pause = null!;

    [SetUp]
    public void Begin()
    {
        _pauses.Clear();
        _logged.Clear();
        _pause = new FailurePause((_, before) => _logged.Add(before), Sleep, _clock);
    }

    [Test]
    public void FailureLasts_PausesDoubleUpToASecond()
    {
        Fail(14);

        Assert.That(
            _pauses.Select(pause => pause.TotalMilliseconds),
            Is.EqualTo(new[] { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000, 1000, 1000, 1000 }));
    }

    [Test]
    public void WaitSucceeded_NextPauseIsShortAgain()
    {
        Fail(5);
        _pause.Succeeded();
        Fail(1);

        Assert.That(_pauses[^1], Is.EqualTo(FailurePause.Shortest));
    }

    [Test]
    public void FailureLasts_LoggedAtOnceAndThenEveryTenSecondsWithTheNumber()
    {
        // The first ten pauses take a second, each further one a second more.
        Fail(25);

        Assert.That(_logged, Is.EqualTo(new[] { 0, 18 }));
    }

    [Test]
    public void FailuresBetweenSuccesses_LogIsNotFloodedEither()
    {
        for (var i = 0; i < 1000; i++)
        {
            Fail(1);
            _pause.Succeeded();
        }

        Assert.That(_logged, Has.Count.EqualTo(1));
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _pause.Failed(new IOException());
        }
    }

    private void Sleep(TimeSpan pause)
    {
        _pauses.Add(pause);
        _clock.Now += pause.Ticks;
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
