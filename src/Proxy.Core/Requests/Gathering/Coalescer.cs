using Proxy.Core.Requests.PubSub;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Gathering;

/// <summary>
/// Joins the replies of a split request's fragments to the reply that one server would have given. Chosen by the command's
/// <c>response_policy</c>; stateless, unless it computes.
/// </summary>
internal abstract class Coalescer
{
    /// <summary>No policy: an array with one element per key, in the keys' order (MGET).</summary>
    public static Coalescer Values { get; } = new ValuesCoalescer();

    /// <summary><c>agg_sum</c>: the sum of integers (DEL, UNLINK, EXISTS, TOUCH).</summary>
    public static Coalescer Sum { get; } = new SumCoalescer();

    /// <summary><c>all_succeeded</c>: the first reply, since all are the same success (MSET).</summary>
    public static Coalescer AllSucceeded { get; } = new AllSucceededCoalescer();

    /// <summary>Arrays of names: each name once (PUBSUB CHANNELS).</summary>
    public static Coalescer Union { get; } = new UnionCoalescer();

    /// <summary><c>one_succeeded</c>: the first success.</summary>
    public static Coalescer OneSucceeded { get; } = new OneSucceededCoalescer();

    /// <summary><c>agg_logical_and</c>: 1 where all say so.</summary>
    public static Coalescer LogicalAnd { get; } = new LogicalCoalescer(isAnd: true);

    /// <summary><c>agg_logical_or</c>: 1 where one says so.</summary>
    public static Coalescer LogicalOr { get; } = new LogicalCoalescer(isAnd: false);

    /// <summary><c>agg_min</c>: the least of integers.</summary>
    public static Coalescer Least { get; } = new ExtremeCoalescer(isGreatest: false);

    /// <summary><c>agg_max</c>: the greatest of integers (PUBSUB NUMPAT).</summary>
    public static Coalescer Greatest { get; } = new ExtremeCoalescer(isGreatest: true);

    /// <summary>PUBSUB NUMSUB.</summary>
    public static Coalescer ChannelSubscribers { get; } = new SubscribersCoalescer(ChannelKind.Channel);

    /// <summary>PUBSUB SHARDNUMSUB.</summary>
    public static Coalescer ShardSubscribers { get; } = new SubscribersCoalescer(ChannelKind.Shard);

    /// <summary>
    /// True if a failure, or an error of a server, is the reply to the whole. Else the others' successes are enough, if there are any.
    /// </summary>
    public virtual bool NeedsAll => true;

    /// <summary>The one for a command.</summary>
    public static Coalescer For(CommandInfo command) => command.ResponsePolicy switch
    {
        ResponsePolicy.AggSum => Sum,
        ResponsePolicy.AllSucceeded => AllSucceeded,
        ResponsePolicy.OneSucceeded => OneSucceeded,
        ResponsePolicy.AggLogicalAnd => LogicalAnd,
        ResponsePolicy.AggLogicalOr => LogicalOr,
        ResponsePolicy.AggMin => Least,
        ResponsePolicy.AggMax => Greatest,
        _ when command.Local is LocalCommand.PubSubChannels or LocalCommand.PubSubShardChannels => Union,
        _ when command.Local == LocalCommand.PubSubNumPat => Greatest,
        _ when command.Local == LocalCommand.PubSubNumSub => ChannelSubscribers,
        _ when command.Local == LocalCommand.PubSubShardNumSub => ShardSubscribers,
        _ when command.Handling == CommandHandling.AllServers => AllSucceeded,
        _ => Values,
    };

    /// <summary>Whether errors among the replies are its business; else the first of them is the reply.</summary>
    public virtual bool TakesErrors => false;

    /// <summary>
    /// Writes the joined reply, taking from the fragments' replies. No fragment has failed and none is an error, unless it takes errors, or does
    /// without (<see cref="NeedsAll"/>).
    /// </summary>
    public abstract void Write(GatheredRequest request, OutBuffer output);
}
