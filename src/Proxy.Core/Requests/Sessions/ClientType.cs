namespace Proxy.Core.Requests.Sessions;

/// <summary>What Redis calls a client's type.</summary>
internal enum ClientType
{
    /// <summary>Every client that is nothing else.</summary>
    Normal,

    /// <summary>The connection to a master: a proxy has none.</summary>
    Master,

    /// <summary>A replica: a proxy has none.</summary>
    Replica,

    /// <summary>Subscribed to something.</summary>
    PubSub,
}
