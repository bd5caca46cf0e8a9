using Proxy.Core.Backends;

namespace Proxy.Core.Requests.Tracking;

/// <summary>What the proxy itself says on a tracking client's connection, before the client's own request.</summary>
internal sealed class TrackedCommand : InFlight
{
    private readonly TrackedConnection _connection;
    private readonly FailureKind _refusal;
    private readonly bool _isRegistration;
    private readonly List<byte> _error = [];

    /// <param name="connection">Where it goes.</param>
    /// <param name="refusal">What it means if the server answers with an error.</param>
    /// <param name="isRegistration">Whether it is CLIENT TRACKING ON.</param>
    public TrackedCommand(TrackedConnection connection, FailureKind refusal, bool isRegistration)
    {
        _connection = connection;
        _refusal = refusal;
        _isRegistration = isRegistration;
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        if (kind == (byte)'-')
        {
            _error.AddRange(bytes);
        }

        if (last && kind == (byte)'-')
        {
            _connection.OnRefused(_refusal, [.. _error]);
        }
        else if (last && _isRegistration)
        {
            _connection.OnRegistered();
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        if (failure.Kind == FailureKind.AuthenticationFailed)
        {
            _connection.OnUnauthenticated(failure);
        }
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
    }
}
