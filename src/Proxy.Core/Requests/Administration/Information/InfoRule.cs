namespace Proxy.Core.Requests.Administration.Information;

/// <summary>How the values that several servers give a field of INFO become one.</summary>
internal enum InfoRule
{
    /// <summary>Numbers are added, what consists of numbers (<c>calls=1,usec=2</c>) part by part; of anything else the first counts.</summary>
    Sum,

    /// <summary>The first server's.</summary>
    First,

    /// <summary>The least number.</summary>
    Least,

    /// <summary>The greatest number.</summary>
    Greatest,

    /// <summary>The lowest version.</summary>
    LowestVersion,

    /// <summary><c>ok</c> if all say so, else what the first says that does not.</summary>
    AllOk,

    /// <summary>The sum, but 0, which is no limit, if one has none.</summary>
    Limit,

    /// <summary>The policy that loses most.</summary>
    WorstPolicy,
}
