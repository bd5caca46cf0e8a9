using System.Text;
using DotNetty.Transport.Channels.Embedded;
using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;
using Proxy.Core.Model;

namespace Proxy.Core.Tests.Backends.Leases;

/// <summary>The leases of one server, on the test's own thread.</summary>
internal sealed class LeaseFixture
{
    public LeaseFixture(PoolModel? model = null, int respVersion = 2)
    {
        Pool = new TestPool(model, connector: Connector);
        Lane = Pool.Connections.LaneFor(new Lane(0, respVersion));
    }

    public TestConnector Connector { get; } = new();

    public TestPool Pool { get; }

    public LaneConnections Lane { get; }

    public LeasePool Leases => Lane.Leases(0);

    /// <summary>Leases of the whole pool that count towards its limit.</summary>
    public int Counted => Pool.Pool.Leases;

    public LeasedConnection Take(ILeaseHolder? holder = null)
    {
        if (Leases.Take(holder ?? new TestHolder(), out var lease) is { } failure)
        {
            throw new InvalidOperationException(failure.ToString());
        }

        return lease!;
    }

    /// <summary>A lease that is ready, and the server's end of it.</summary>
    public (LeasedConnection Lease, EmbeddedChannel Server) TakeReady(ILeaseHolder? holder = null)
    {
        var lease = Take(holder);
        return (lease, Connector.Accept(Connector.Attempts - 1));
    }

    public RecordedRequest Ask(LeasedConnection lease, string request)
    {
        var recorded = new RecordedRequest();
        lease.Output.Append(Encoding.Latin1.GetBytes(request));
        lease.Enqueue(recorded, request.Length);
        return recorded;
    }

    public RecordedRequest AskAndSend(LeasedConnection lease, string request)
    {
        var recorded = Ask(lease, request);
        Pool.RunAll();
        return recorded;
    }
}
