using System.Text;
using Proxy.Core.Configuration;
using Proxy.Core.Configuration.Nodes;
using YamlDotNet.Core;

namespace Proxy.Host.Yaml;

/// <summary>From the bytes of a YAML file to the nodes of a configuration.</summary>
internal static class YamlReader
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads UTF-8, with or without a byte order mark.</summary>
    public static YamlResult Read(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(Encoding.UTF8.Preamble))
        {
            file = file[Encoding.UTF8.Preamble.Length..];
        }
        string text;
        try
        {
            text = Utf8.GetString(file);
        }
        catch (DecoderFallbackException invalid)
        {
            return Refused(new ConfigMark(LineAt(file, invalid.Index), 1), "is not UTF-8 text");
        }
        return Parse(text);
    }

    private static YamlResult Parse(string text)
    {
        if (YamlIndentation.FindTab(text, inBlankLines: false) is { } tab)
        {
            return Refused(tab, "a tab in the indentation: YAML takes spaces only");
        }
        var parser = new Parser(new Scanner(new StringReader(text)));
        try
        {
            return new YamlResult(new YamlTreeReader(parser).ReadDocument(), null);
        }
        catch (YamlRefusedException refused)
        {
            return Refused(refused.Mark, refused.Message);
        }
        catch (YamlException broken)
        {
            return Broken(text, broken.End, broken.Message);
        }
        catch (InvalidOperationException)
        {
            // The scanner's way of reporting a flow collection that is cut off by a line that begins further left.
            return Broken(text, parser.Current?.End ?? Mark.Empty, "a bracket or brace is not closed");
        }
        catch (ArgumentException)
        {
            // Its way of reporting "\UFFFFFFFF" and broken %TAG lines. Such a value may be a password, so it is not repeated.
            return Broken(text, parser.Current?.End ?? Mark.Empty, "what follows is no valid escape or tag");
        }
    }

    private static YamlResult Broken(string text, Mark place, string reason)
    {
        if (YamlIndentation.FindTab(text, inBlankLines: true) is { } tab)
        {
            return Refused(tab, "a tab in the indentation: YAML takes spaces only");
        }
        var mark = new ConfigMark((int)place.Line, (int)place.Column);
        return Refused(mark, $"is not YAML: {reason.TrimEnd('.')}{YamlHints.For(text, mark.Line)}");
    }

    private static YamlResult Refused(ConfigMark mark, string reason) => new(null, new ConfigProblem(mark, "", reason));

    private static int LineAt(ReadOnlySpan<byte> file, int index) => file[..Math.Clamp(index, 0, file.Length)].Count((byte)'\n') + 1;
}
