using System.Text;
using Proxy.Core.Backends;
using Proxy.Core.Requests.PubSub;

namespace Proxy.Core.Tests.Requests.PubSub;

/// <summary>Somebody who waits for subscriptions, and remembers what became of it.</summary>
/// <param name="client">Whose it is.</param>
internal sealed class RecordedWait(TestClient client) : ConfirmationWait(client)
{
    /// <summary>Empty until it is known.</summary>
    public string Outcome { get; private set; } = "";

    protected override void OnSucceeded() => Outcome = "confirmed";

    protected override void OnFailed(BackendFailure failure) => Outcome = $"failed: {failure.Kind}";

    protected override void OnRefused(ReadOnlySpan<byte> error) => Outcome = $"refused: {Encoding.ASCII.GetString(error)}";
}
