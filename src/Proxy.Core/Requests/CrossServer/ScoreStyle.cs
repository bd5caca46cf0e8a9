namespace Proxy.Core.Requests.CrossServer;

/// <summary>How a version of Redis writes scores in replies.</summary>
internal enum ScoreStyle : byte
{
    /// <summary>C's <c>%.17g</c>: <c>0.10000000000000001</c>. Before Redis 7.2.</summary>
    Digits17,

    /// <summary>The fewest digits that give the same number, with an exponent for round numbers: <c>0.1</c>, <c>1e+10</c>. Redis 7.2.</summary>
    Shortest,

    /// <summary>The same, but whole numbers without an exponent: <c>0.1</c>, <c>10000000000</c>. Later.</summary>
    ShortestOrWhole,
}
