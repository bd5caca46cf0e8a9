namespace Proxy.Core.Backends;

/// <summary>What stopped in the middle of a reply because its client had no room for more. Used on the worker's loop only.</summary>
internal interface IResumable
{
    /// <summary>Goes on.</summary>
    public void Resume();
}
