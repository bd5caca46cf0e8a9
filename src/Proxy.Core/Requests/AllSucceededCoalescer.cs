using System.Buffers;

namespace Proxy.Core.Requests;

/// <summary><c>+OK</c> and <c>+OK</c> make <c>+OK</c>.</summary>
internal sealed class AllSucceededCoalescer : Coalescer
{
    /// <inheritdoc/>
    public override void Write(GatheredRequest request, IBufferWriter<byte> output) => output.Write(request.Fragments[0].Reply);
}
