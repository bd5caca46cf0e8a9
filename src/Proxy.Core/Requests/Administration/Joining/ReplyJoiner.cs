using System.Buffers;

namespace Proxy.Core.Requests.Administration.Joining;

/// <summary>
/// Makes one reply of those of several servers: the one that a server with all of their data would give. Made for one request; may run on any
/// thread.
/// </summary>
internal abstract class ReplyJoiner
{
    /// <summary>
    /// True if the command does something that is not done unless every server did it: one that fails or refuses fails the whole. Else the
    /// others' replies are joined without it.
    /// </summary>
    public virtual bool NeedsAll => false;

    /// <summary>Writes the reply.</summary>
    /// <param name="replies">At least one, none of them an error, in the servers' order.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="version">The client's version of RESP, in which the servers answered.</param>
    /// <returns>False, with nothing written, if the replies are not of the form that the command has.</returns>
    public abstract bool TryJoin(IReadOnlyList<ServerReply> replies, IBufferWriter<byte> output, int version);
}
