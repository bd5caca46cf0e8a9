using System.Text;
using Proxy.Core.Model;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration;

/// <summary>
/// CONFIG SET requirepass: with a password that is not <c>redis_auth</c> the proxy could not log in to its servers any more, and every request
/// of every client would fail that needs a new connection.
/// </summary>
internal static class ServerPassword
{
    /// <summary>Whether a CONFIG SET gives the servers another password than the proxy has.</summary>
    /// <param name="model">The pool.</param>
    /// <param name="frame">The request.</param>
    public static bool LocksOut(PoolModel model, in RequestFrame frame)
    {
        for (var i = 2; i + 1 < frame.Count; i += 2)
        {
            if (Ascii.EqualsIgnoreCase(frame[i], "requirepass"u8) && !frame[i + 1].SequenceEqual(model.Password ?? []))
            {
                return true;
            }
        }

        return false;
    }
}
