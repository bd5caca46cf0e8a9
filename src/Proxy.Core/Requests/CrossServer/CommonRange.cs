namespace Proxy.Core.Requests.CrossServer;

/// <summary>Bytes of a common subsequence that stand one after the other in both strings.</summary>
/// <param name="First">Where they begin in the first string.</param>
/// <param name="Second">Where they begin in the second.</param>
/// <param name="Length">How many.</param>
internal readonly record struct CommonRange(int First, int Second, int Length);
