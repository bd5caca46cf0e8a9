using NUnit.Framework;
using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;

namespace Proxy.Core.Tests.Backends.Leases;

public sealed class LeaseProbeTests
{
    private const int Patience = 3000;

    private LeaseFixture _fixture = null!;
    private TestHolder _holder = null!;
    private RecordedRequest _request = null!;
    private LeasedConnection _lease = null!;

    [SetUp]
    public void SetUp()
    {
        _fixture = new LeaseFixture(Pools.Model() with { TimeoutMs = 0, ServerHardTimeoutMs = Patience });
        _holder = new TestHolder();
        _lease = _fixture.TakeReady(_holder).Lease;
        _request = new RecordedRequest();
        _lease.Output.Append("BLPOP k 0\r\n"u8);
        _lease.EnqueueBlocking(_request, 11, timeoutMs: 0);
        _fixture.Pool.RunAll();
    }

    [Test]
    public void SilenceOfAServerThatIsWaitedFor_IsAskedAboutOverAFurtherConnection()
    {
        Sweep(LeaseProbe.SilenceMs - 1000);
        Assert.That(_fixture.Connector.Attempts, Is.EqualTo(1));

        Sweep(LeaseProbe.SilenceMs + 1000);

        Assert.That(_fixture.Connector.Attempts, Is.EqualTo(2));
    }

    [Test]
    public void Answered_TheyWaitOnAndTheConnectionIsClosed()
    {
        Sweep(LeaseProbe.SilenceMs + 1000);
        var probe = _fixture.Connector.Accept(1);
        Sweep(LeaseProbe.SilenceMs - 1000);
        Sweep(LeaseProbe.SilenceMs + Patience + 1000);

        Assert.That((probe.Active, _lease.State, _request.Failure), Is.EqualTo((false, LeaseState.Ready, (BackendFailure?)null)));
    }

    [Test]
    public void RefusedByTheServerItself_ItIsThereAllTheSame()
    {
        for (var second = 1; second < 10; second++)
        {
            Sweep(LeaseProbe.SilenceMs + (second * 1000));
            _fixture.Connector.AcceptShared(_fixture.Connector.Attempts - 1).CloseAsync();
        }

        Assert.That(_lease.State, Is.EqualTo(LeaseState.Ready));
    }

    [Test]
    public void NobodyThere_ThoseWhoWaitAreToldWhenTheServersTimeIsOver()
    {
        for (var second = 1; second * 1000 < Patience; second++)
        {
            Sweep(LeaseProbe.SilenceMs + (second * 1000));
            _fixture.Connector.Refuse(_fixture.Connector.Attempts - 1);
        }

        Assert.That(_lease.State, Is.EqualTo(LeaseState.Ready));
        Sweep(LeaseProbe.SilenceMs + Patience + 2001);

        Assert.That((_lease.State, _request.Failure?.Kind), Is.EqualTo((LeaseState.Closed, FailureKind.Refused)));
        Assert.That(_holder.Losses, Is.EqualTo(new[] { FailureKind.Refused }));
    }

    [Test]
    public void NobodyWaits_NobodyIsAsked()
    {
        _lease.Close();

        Sweep(LeaseProbe.SilenceMs + 1000);
        Sweep(LeaseProbe.SilenceMs + 2000);

        Assert.That(_fixture.Connector.Attempts, Is.EqualTo(1));
    }

    private void Sweep(int afterMs) => _fixture.Leases.Sweep(Environment.TickCount64 + afterMs);
}
