using Proxy.Core.Requests.Gathering;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>How a command whose keys are on several servers is answered.</summary>
/// <param name="Part">What the servers are asked.</param>
/// <param name="Computation">What makes the reply of theirs.</param>
internal sealed record CrossServerPlan(PartRequest Part, Computation Computation)
{
    /// <summary>Makes the plan.</summary>
    /// <param name="home">The worker's.</param>
    /// <param name="operation">What is computed.</param>
    /// <param name="keys">Where the keys are; at least two, one behind the other.</param>
    /// <param name="frame">The request.</param>
    /// <param name="server">One of the servers.</param>
    /// <param name="respVersion">The client's.</param>
    /// <param name="refusal">What Redis replies to the request as it is, if that depends on nothing else; else empty.</param>
    /// <returns>Null with a refusal.</returns>
    public static CrossServerPlan? Make(
        Computations home,
        CrossServerOperation operation,
        KeyPositions keys,
        in RequestFrame frame,
        Server server,
        int respVersion,
        out ReadOnlySpan<byte> refusal)
    {
        refusal = default;
        var behindKeys = keys[keys.Count - 1] + 1;
        switch (operation)
        {
            case CrossServerOperation.Union:
                return new CrossServerPlan(PartRequest.Union, new UnionComputation(home, respVersion));
            case CrossServerOperation.Intersection:
                return new CrossServerPlan(PartRequest.Intersection, new IntersectionComputation(home, respVersion));
            case CrossServerOperation.Difference:
                return new CrossServerPlan(PartRequest.Difference, new DifferenceComputation(home, isSorted: false, hasScores: false, respVersion));
            case CrossServerOperation.Cardinality:
                return new CrossServerPlan(PartRequest.Value, new CardinalityComputation(home));
            case CrossServerOperation.CommonSubsequence:
                var subsequence = SubsequenceOptions.Read(frame, behindKeys, out var wrong);
                return wrong.IsEmpty
                    ? new CrossServerPlan(PartRequest.Value, new SubsequenceComputation(home, subsequence, respVersion))
                    : new CrossServerPlan(
                        PartRequest.IsString, new RefusalComputation(home, wrong.ToArray(), Replies.LcsNotStrings.ToArray()));
        }

        var options = SortedSetOptions.Read(operation, keys.Count, frame, behindKeys, out refusal);
        if (operation == CrossServerOperation.IntersectionCount)
        {
            return refusal.IsEmpty
                ? new CrossServerPlan(PartRequest.Intersection, new IntersectionComputation(home, respVersion, options.Limit))
                : null;
        }

        if (!refusal.IsEmpty)
        {
            // Only SINTERCARD looks at its options before it looks at the keys.
            var known = refusal.ToArray();
            refusal = default;
            return new CrossServerPlan(PartRequest.AreSets, new RefusalComputation(home, known, wrongType: null));
        }

        return operation switch
        {
            CrossServerOperation.SortedIntersectionCount =>
                new CrossServerPlan(PartRequest.SortedIntersection, new IntersectionComputation(home, respVersion, options.Limit)),
            CrossServerOperation.SortedDifference => new CrossServerPlan(
                options.WithScores ? PartRequest.ScoredDifference : PartRequest.SortedDifference,
                new DifferenceComputation(home, isSorted: true, options.WithScores, respVersion)),
            _ => new CrossServerPlan(
                PartRequest.Scores,
                new CombinationComputation(
                    home, options, operation == CrossServerOperation.SortedUnion, ScoreText.StyleOf(server.Facts), respVersion)),
        };
    }
}
