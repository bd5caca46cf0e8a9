using Proxy.Core.Configuration.Nodes;

namespace Proxy.Core.Configuration.Binding;

/// <summary>Binds <c>users:</c>, a map from names to what each may do.</summary>
internal static class UsersBinder
{
    /// <summary>The users in the order of the file.</summary>
    public static IReadOnlyList<UserConfig> Bind(MapReader pool, BindingContext context)
    {
        if (pool.Map("users") is not { } map)
        {
            return [];
        }

        var users = new List<UserConfig>();
        foreach (var entry in map.Value.Entries)
        {
            var place = map.Place.Below(entry.Key.Text, entry.Key.Mark);
            if (entry.Value is not ConfigMap && entry.Value is not ConfigScalar { Text.Length: 0 })
            {
                context.Problems.Error(place, $"user '{entry.Key.Text}' has to be a map of its own");
            }
            else if (users.Exists(user => user.Name.Value == entry.Key.Text))
            {
                context.Problems.Error(place, $"user '{entry.Key.Text}' is a duplicate");
            }
            else
            {
                users.Add(Bind(new Setting<string>(entry.Key.Text, place), entry.Value as ConfigMap, context));
            }
        }

        return users;
    }

    private static UserConfig Bind(Setting<string> name, ConfigMap? map, BindingContext context)
    {
        var reader = new MapReader(map, name.Place, context);
        var user = new UserConfig
        {
            Name = name,
            Passwords = Texts(reader, "password", context),
            PasswordFiles = Texts(reader, "password_file", context),
            PasswordHashes = Texts(reader, "password_hash", context),
            NoPass = reader.Flag("nopass"),
            Commands = Texts(reader, "commands", context),
            Keys = Texts(reader, "keys", context),
            Channels = Texts(reader, "channels", context),
            ReadOnly = reader.Flag("read_only"),
            ServerUser = reader.Text("server_user"),
            ServerPassword = reader.Text("server_password"),
            ServerPasswordFile = reader.Text("server_password_file"),
        };
        reader.RefuseOthers();
        return user;
    }

    /// <summary>One text or a list of texts.</summary>
    private static Setting<IReadOnlyList<Setting<string>>>? Texts(MapReader reader, string key, BindingContext context)
    {
        if (reader.Node(key) is not { } node)
        {
            return null;
        }

        var texts = new List<Setting<string>>();
        var list = node.Value as ConfigSequence;
        var items = list?.Items ?? [node.Value];
        for (var i = 0; i < items.Count; i++)
        {
            var place = list is null ? node.Place : node.Place.Element(i, items[i].Mark);
            if (items[i] is ConfigScalar { Text.Length: > 0 } scalar)
            {
                texts.Add(new Setting<string>(scalar.Text, place));
            }
            else
            {
                context.Problems.Error(place, $"directive \"{key}\" has to be a text, or a list of texts");
            }
        }

        return new Setting<IReadOnlyList<Setting<string>>>(texts, node.Place);
    }
}
