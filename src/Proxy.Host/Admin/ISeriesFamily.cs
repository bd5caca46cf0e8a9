namespace Proxy.Host.Admin;

/// <summary>A metric whose series come and go.</summary>
internal interface ISeriesFamily
{
    /// <summary>All series that exist have been set: removes the others.</summary>
    public void EndScrape();
}
