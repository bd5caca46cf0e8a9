namespace Proxy.Core.Workers;

/// <summary>A connection with bytes to hand to its channel at the end of the loop's turn.</summary>
internal interface IFlushable
{
    /// <summary>Hands the gathered bytes to the channel: at most one flush per connection and turn. Runs on the worker's loop.</summary>
    public void Flush();
}
