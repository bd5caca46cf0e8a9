using System.Text;

namespace Proxy.Core.Requests.Sessions;

/// <summary>Reads and tells types.</summary>
internal static class ClientTypes
{
    /// <summary>The type of that name; null if there is none.</summary>
    public static ClientType? Parse(ReadOnlySpan<byte> name)
    {
        if (Ascii.EqualsIgnoreCase(name, "normal"u8))
        {
            return ClientType.Normal;
        }

        if (Ascii.EqualsIgnoreCase(name, "replica"u8) || Ascii.EqualsIgnoreCase(name, "slave"u8))
        {
            return ClientType.Replica;
        }

        if (Ascii.EqualsIgnoreCase(name, "master"u8))
        {
            return ClientType.Master;
        }

        return Ascii.EqualsIgnoreCase(name, "pubsub"u8) ? ClientType.PubSub : null;
    }

    /// <summary>A client's type.</summary>
    public static ClientType Of(ClientSession client) => client.Subscriptions is { IsEmpty: false } ? ClientType.PubSub : ClientType.Normal;
}
