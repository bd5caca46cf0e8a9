using Proxy.Core.Workers;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests;

/// <summary>
/// Joins the replies of a split request's fragments to the reply that one server would have given. Chosen by the command's
/// <c>response_policy</c>; stateless.
/// </summary>
internal abstract class Coalescer
{
    /// <summary>No policy: an array with one element per key, in the keys' order (MGET).</summary>
    public static Coalescer Values { get; } = new ValuesCoalescer();

    /// <summary><c>agg_sum</c>: the sum of integers (DEL, UNLINK, EXISTS, TOUCH).</summary>
    public static Coalescer Sum { get; } = new SumCoalescer();

    /// <summary><c>all_succeeded</c>: the first reply, since all are the same success (MSET).</summary>
    public static Coalescer AllSucceeded { get; } = new AllSucceededCoalescer();

    /// <summary>The one for a command.</summary>
    public static Coalescer For(CommandInfo command) => command.ResponsePolicy switch
    {
        ResponsePolicy.AggSum => Sum,
        ResponsePolicy.AllSucceeded => AllSucceeded,
        _ when command.Handling == CommandHandling.AllServers => AllSucceeded,
        _ => Values,
    };

    /// <summary>Writes the joined reply, taking from the fragments' replies. No fragment has failed and none is an error.</summary>
    public abstract void Write(GatheredRequest request, OutBuffer output);
}
