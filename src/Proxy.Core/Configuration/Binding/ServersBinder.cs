using Proxy.Core.Configuration.Nodes;

namespace Proxy.Core.Configuration.Binding;

/// <summary>Binds <c>servers:</c>, whose elements are twemproxy's lines or maps.</summary>
internal static class ServersBinder
{
    /// <summary>All entries of the list, also those that cannot be read.</summary>
    public static Setting<IReadOnlyList<ServerConfig>>? Bind(MapReader pool, BindingContext context)
    {
        var list = pool.List("servers");
        if (list is null)
        {
            return null;
        }
        var servers = new List<ServerConfig>();
        foreach (var item in list.Value.Items)
        {
            servers.Add(BindOne(item, list.Place.Element(servers.Count, item.Mark), context));
        }
        return new Setting<IReadOnlyList<ServerConfig>>(servers, list.Place);
    }

    private static ServerConfig BindOne(ConfigNode node, Place place, BindingContext context)
    {
        var server = new ServerConfig { Place = place };
        var refusal = node switch
        {
            ConfigScalar scalar => ServerText.Read(scalar.Text, ref server),
            ConfigMap => null,
            _ => "has an element that is neither \"hostname:port:weight [name]\" nor a map with master: and name:",
        };
        if (refusal is not null)
        {
            context.Problems.Error(place, $"directive \"servers\" {refusal}");
        }
        return node is ConfigMap map ? BindMap(new MapReader(map, place, context), server, context) : server;
    }

    private static ServerConfig BindMap(MapReader reader, ServerConfig server, BindingContext context)
    {
        server = server with { Name = reader.Text("name")?.Value, Weight = reader.Number("weight", least: 1)?.Value ?? 1 };
        var master = reader.Text("master");
        if (reader.Node("replicas") is { } replicas)
        {
            context.Problems.Error(replicas.Place, "directive \"replicas\" is not supported yet by this version: only masters are used");
        }
        reader.Require("master");
        reader.RefuseOthers();
        if (master is not null && ServerText.ReadAddress(master.Value, ref server) is { } refusal)
        {
            context.Problems.Error(master.Place, $"directive \"master\" {refusal.Replace(":weight [name]", "")}: '{master.Value}'");
        }
        return server;
    }
}
