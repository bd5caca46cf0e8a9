namespace Proxy.Resp.Commands;

/// <summary>What one key specification found in one request.</summary>
internal enum KeySpecOutcome
{
    Found,

    /// <summary>Its keyword is not there.</summary>
    Absent,

    /// <summary>Its keys would lie beyond the arguments, or their number is not a number.</summary>
    OutOfRange,

    /// <summary>It says of itself that it does not know where its keys are.</summary>
    Unknown,
}
