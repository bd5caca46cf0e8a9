using System.Diagnostics.CodeAnalysis;
using Proxy.Core.Configuration.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Proxy.Host.Yaml;

/// <summary>
/// Makes nodes of the parser's events, one document of them. The parser is the library's; its object model is not used, because that stops
/// at the first error and loses the lines. Anchors, aliases and tags are refused, so that a small file cannot unfold into a large one.
/// No message repeats what was written there: it may be a password without quotes that begins with <c>*</c>, <c>&amp;</c> or <c>!</c>.
/// </summary>
internal sealed class YamlTreeReader(IParser parser)
{
    // The deepest configuration has six levels; a file of brackets ends here and not with the stack.
    private const int DeepestLevel = 32;

    /// <summary>Reads the only document.</summary>
    /// <exception cref="YamlRefusedException">It is no configuration.</exception>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public ConfigNode ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (parser.TryConsume<StreamEnd>(out _))
        {
            Refuse(ConfigMark.Start, "must contain only 1 document; found 0 documents");
        }
        parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        parser.Consume<DocumentEnd>();
        if (parser.Accept<DocumentStart>(out var second))
        {
            Refuse(MarkOf(second), "must contain only 1 document; a second one begins here");
        }
        return root;
    }

    private ConfigNode ReadNode(int level)
    {
        parser.Accept<ParsingEvent>(out var next);
        RefuseReferences(next!);
        if (level > DeepestLevel)
        {
            Refuse(MarkOf(next!), $"is nested more than {DeepestLevel} levels deep");
        }
        return next switch
        {
            MappingStart => ReadMap(level),
            SequenceStart => ReadSequence(level),
            _ => ReadScalar(),
        };
    }

    private ConfigMap ReadMap(int level)
    {
        var mark = MarkOf(parser.Consume<MappingStart>());
        var entries = new List<ConfigEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            parser.Accept<ParsingEvent>(out var key);
            RefuseReferences(key!);
            if (key is not Scalar)
            {
                Refuse(MarkOf(key!), "a key has to be a single value");
            }
            entries.Add(new ConfigEntry(ReadScalar(), ReadNode(level + 1)));
        }
        return new ConfigMap(entries, mark);
    }

    private ConfigSequence ReadSequence(int level)
    {
        var mark = MarkOf(parser.Consume<SequenceStart>());
        var items = new List<ConfigNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(level + 1));
        }
        return new ConfigSequence(items, mark);
    }

    private ConfigScalar ReadScalar()
    {
        var scalar = parser.Consume<Scalar>();
        return new ConfigScalar(scalar.Value, MarkOf(scalar));
    }

    private static void RefuseReferences(ParsingEvent next)
    {
        switch (next)
        {
            case AnchorAlias:
                Refuse(MarkOf(next), "an alias (*name) is not allowed; a value that begins with * has to be in quotes");
                break;
            case NodeEvent { Anchor.IsEmpty: false }:
                Refuse(MarkOf(next), "an anchor (&name) is not allowed; a value that begins with & has to be in quotes");
                break;
            case NodeEvent { Tag.IsEmpty: false }:
                Refuse(MarkOf(next), "a tag (!name) is not allowed; a value that begins with ! has to be in quotes");
                break;
        }
    }

    private static ConfigMark MarkOf(ParsingEvent at) => new((int)at.Start.Line, (int)at.Start.Column);

    [DoesNotReturn]
    private static void Refuse(ConfigMark mark, string reason) => throw new YamlRefusedException(mark, reason);
}
