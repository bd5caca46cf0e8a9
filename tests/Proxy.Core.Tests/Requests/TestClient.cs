using System.Text;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Requests;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Tests.Requests;

/// <summary>A client without a channel: what it is sent can be looked at.</summary>
internal sealed class TestClient : ClientSession
{
    private readonly TestPool _pool;
    private readonly RequestScanner _scanner = new(new RequestLimits()) { Authenticated = true };
    private bool _isAborted;

    public TestClient(TestPool pool)
        : base(1, pool.Worker)
    {
        _pool = pool;
        SetAuthenticated(Model.Password is null);
        Pending = new PendingRequests(pool.Worker.Blocks);
    }

    /// <summary>Makes places in its order of replies.</summary>
    public PendingRequests Pending { get; }

    public override OutBuffer DetachedPayload => throw new InvalidOperationException("Requests of these tests are whole: none has a payload apart.");

    public override int InputBytes => 0;

    public override int InputRoom => 0;

    public override PoolConnections Pool => _pool.Connections;

    public override string RemoteAddress => "127.0.0.1:1";

    public override string LocalAddress => "127.0.0.1:2";

    public override bool IsClosing => ClosedFor is not null;

    public override bool IsGone => _isAborted;

    /// <summary>Why it was closed; null while it is not.</summary>
    public ClientCloseReason? ClosedFor { get; private set; }

    /// <summary>False while no request of it may be taken.</summary>
    public bool MayTakeRequest => !IsStopped;

    /// <summary>What it was sent since the last call.</summary>
    public string TakeSent()
    {
        var sent = new StringBuilder();
        while (Output.TakeFirst() is { } block)
        {
            sent.Append(Encoding.Latin1.GetString(block.Span));
            OnSent(block.Length);
            block.Release();
        }

        return sent.ToString();
    }

    /// <summary>Sends a request of words.</summary>
    /// <returns>False if it has to come again.</returns>
    public bool Request(string words)
    {
        var bytes = Proxy.Testing.RespFrame.Request(words.Split(' '));
        _scanner.Scan(bytes);
        return _pool.Router.Route(this, _scanner.Frame(bytes));
    }

    /// <summary>What stopped for want of room goes on.</summary>
    public void FlushPaused() => ResumePaused();

    /// <summary>Its connection is gone.</summary>
    public void Leave() => LetGoOfRequests();

    public override void MarkDirty()
    {
    }

    public override void Continue()
    {
    }

    public override void CloseAfterReplies(ClientCloseReason reason) => ClosedFor ??= reason;

    public override void Abort(ClientCloseReason reason)
    {
        ClosedFor ??= reason;
        _isAborted = true;
    }
}
