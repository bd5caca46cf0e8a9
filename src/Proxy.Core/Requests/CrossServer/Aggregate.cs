namespace Proxy.Core.Requests.CrossServer;

/// <summary>What the scores of one member in several sorted sets make.</summary>
internal enum Aggregate : byte
{
    Sum,
    Min,
    Max,
}
