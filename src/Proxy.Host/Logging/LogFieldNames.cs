using System.Text;

namespace Proxy.Host.Logging;

/// <summary>Names in a log line, from names in the code.</summary>
internal static class LogFieldNames
{
    /// <summary>A placeholder's name in snake case: <c>ServerName</c> is <c>server_name</c>.</summary>
    public static string Field(string placeholder)
    {
        var text = new StringBuilder(placeholder.Length + 4);
        for (var i = 0; i < placeholder.Length; i++)
        {
            var letter = placeholder[i];
            if (char.IsAsciiLetterUpper(letter) && i > 0 && !char.IsAsciiLetterUpper(placeholder[i - 1]))
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    /// <summary>A category without what all of ours have in common: <c>Proxy.Core.Backends.Reconnect</c> is <c>Backends.Reconnect</c>.</summary>
    public static string Category(string category)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["Proxy.Core.", "Proxy.Host.", "Proxy."])
        {
            if (category.StartsWith(prefix, StringComparison.Ordinal))
            {
                return category[prefix.Length..];
            }
        }

        return category;
    }
}
