namespace Proxy.Resp.Commands;

/// <summary>What the proxy computes from several servers' replies where a command's keys are on several, if the pool has <c>cross_server</c>.</summary>
internal enum CrossServerOperation : byte
{
    /// <summary>Nothing: such keys are refused.</summary>
    None,

    /// <summary>SUNION</summary>
    Union,

    /// <summary>SINTER</summary>
    Intersection,

    /// <summary>SDIFF</summary>
    Difference,

    /// <summary>SINTERCARD</summary>
    IntersectionCount,

    /// <summary>ZUNION</summary>
    SortedUnion,

    /// <summary>ZINTER</summary>
    SortedIntersection,

    /// <summary>ZDIFF</summary>
    SortedDifference,

    /// <summary>ZINTERCARD</summary>
    SortedIntersectionCount,

    /// <summary>PFCOUNT</summary>
    Cardinality,

    /// <summary>LCS</summary>
    CommonSubsequence,
}
