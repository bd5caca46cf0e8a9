namespace Proxy.Core.Metrics;

/// <summary>First words of the errors that servers answer with. The label <c>prefix</c> is the word itself, in upper case, or <c>other</c>.</summary>
internal enum ServerErrorPrefix
{
    /// <summary>Any other word.</summary>
    Other,

    /// <summary><c>-ERR …</c></summary>
    Err,

    /// <summary><c>-WRONGTYPE …</c></summary>
    WrongType,

    /// <summary><c>-LOADING …</c></summary>
    Loading,

    /// <summary><c>-READONLY …</c></summary>
    ReadOnly,

    /// <summary><c>-MOVED …</c></summary>
    Moved,

    /// <summary><c>-ASK …</c></summary>
    Ask,

    /// <summary><c>-TRYAGAIN …</c></summary>
    TryAgain,

    /// <summary><c>-CLUSTERDOWN …</c></summary>
    ClusterDown,

    /// <summary><c>-OOM …</c></summary>
    Oom,

    /// <summary><c>-BUSY …</c></summary>
    Busy,

    /// <summary><c>-MISCONF …</c></summary>
    Misconf,

    /// <summary><c>-NOSCRIPT …</c></summary>
    NoScript,

    /// <summary><c>-NOAUTH …</c></summary>
    NoAuth,

    /// <summary><c>-NOPERM …</c></summary>
    NoPerm,

    /// <summary><c>-MASTERDOWN …</c></summary>
    MasterDown,

    /// <summary><c>-NOREPLICAS …</c></summary>
    NoReplicas,
}
