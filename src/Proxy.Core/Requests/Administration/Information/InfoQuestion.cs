using System.Text;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration.Information;

/// <summary>Which sections an INFO asks for: all of those that Redis tells unasked, or those that it names.</summary>
internal sealed class InfoQuestion
{
    /// <summary>Arguments that are looked at: Redis has less than twenty sections.</summary>
    private const int MaxSections = 100;

    private static readonly string[] Groups = ["default", "all", "everything"];

    private readonly string[]? _sections;

    private InfoQuestion(string[]? sections)
    {
        _sections = sections;
    }

    /// <summary>True if no server has to be asked.</summary>
    public bool IsAboutProxyOnly { get; private init; }

    /// <summary>Reads a request.</summary>
    public static InfoQuestion Of(in RequestFrame frame)
    {
        if (frame.Count == 1)
        {
            return new InfoQuestion(null);
        }

        var named = new HashSet<string>(StringComparer.Ordinal);
        var isAboutProxyOnly = frame.Count <= MaxSections;
        for (var i = 1; i < Math.Min(frame.Count, MaxSections); i++)
        {
            var argument = frame[i];
            foreach (var section in ProxyInformation.Sections)
            {
                if (Ascii.EqualsIgnoreCase(argument, section))
                {
                    named.Add(section);
                }
            }

            foreach (var group in Groups)
            {
                if (Ascii.EqualsIgnoreCase(argument, group))
                {
                    named.UnionWith(ProxyInformation.Sections);
                }
            }

            isAboutProxyOnly &= Ascii.EqualsIgnoreCase(argument, ProxyInformation.ProxySectionName);
        }

        return new InfoQuestion([.. named]) { IsAboutProxyOnly = isAboutProxyOnly };
    }

    /// <summary>Whether it asks for a section of the proxy's.</summary>
    /// <param name="section">One of <see cref="ProxyInformation.Sections"/>.</param>
    public bool Wants(string section) => _sections is null || _sections.Contains(section);
}
