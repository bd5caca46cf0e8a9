using System.Buffers;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Workers;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>
/// A request whose options are wrong. Redis looks at the keys first: where one holds something else, that is its reply. So the servers are
/// asked something that tells just this.
/// </summary>
/// <param name="home">The worker's.</param>
/// <param name="refusal">The reply if the keys are right.</param>
/// <param name="wrongType">The reply if a key holds something else; null for the server's words.</param>
internal sealed class RefusalComputation(Computations home, byte[] refusal, byte[]? wrongType) : Computation(home)
{
    /// <inheritdoc/>
    public override bool TakesErrors => true;

    /// <inheritdoc/>
    protected override bool TryCompute(byte[][] replies, IBufferWriter<byte> output)
    {
        // A syntax error is what was asked for: it means that the keys are right.
        var errors = Array.FindAll(replies, reply => !reply.AsSpan().StartsWith("-ERR syntax error"u8));
        var error = TypeErrors.Find(errors, wrongType);
        output.Write(error.IsEmpty ? refusal : error);
        return true;
    }
}
