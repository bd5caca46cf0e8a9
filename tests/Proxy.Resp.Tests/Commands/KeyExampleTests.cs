using System.Buffers;
using System.Text;
using NUnit.Framework;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Resp.Tests.Commands;

/// <summary>Keys of many requests against what a real server said of them (`Data/key-examples.txt`, refreshed by the command generator).</summary>
internal sealed class KeyExampleTests
{
    private static readonly CommandHandling[] Routed = [CommandHandling.Forward, CommandHandling.Split];

    private static IEnumerable<KeyExample> RoutedExamples => KeyExample.All.Where(example => Resolve(example) is { } command && Routed.Contains(command.Handling));

    // The server finds no keys in `PFMERGE d`, and still executes it.
    private static IEnumerable<KeyExample> FoundExamples =>
        RoutedExamples.Where(example => example.Request != "PFMERGE d" && Find(example, out _) == KeySearch.Found);

    [Test]
    public void EveryCommandWithKeys_HasAnExample()
    {
        var shown = KeyExample.All.Select(Resolve).OfType<CommandInfo>().ToHashSet();
        Assert.That(CommandTable.All.Where(command => command.Row.TakesKeys && !shown.Contains(command)), Is.Empty);
    }

    [TestCaseSource(typeof(KeyExample), nameof(KeyExample.All))]
    public void GetKeysAndFlags_SameReplyAsTheServer(KeyExample example)
    {
        var request = TestRequest.Parse($"COMMAND GETKEYSANDFLAGS {example.Request}");
        var output = new ArrayBufferWriter<byte>();
        if (CommandTable.Resolve(request.Frame, out var command) == CommandLookup.WrongArity)
        {
            Replies.WrongArity(output, command!.Name);
        }
        else
        {
            CommandReplyWriter.Write(command!.Local, LearntCommands.None, request.Frame, 2, new KeyPositions(), output);
        }

        Assert.That(Encoding.Latin1.GetString(output.WrittenSpan), Is.EqualTo(Encode(example.Keys)));
    }

    [TestCaseSource(nameof(FoundExamples))]
    public void KeysFound_AreThoseOfTheServer(KeyExample example)
    {
        Find(example, out var keys);
        Assert.That(keys, Is.EqualTo(example.KeyNames));
    }

    [TestCaseSource(nameof(RoutedExamples))]
    public void KeysNotFound_OnlyWhereTheServerRefusesToo(KeyExample example)
    {
        var search = Find(example, out _);
        Assert.That(search is KeySearch.Found or KeySearch.NoKeys || example.Refused, $"{search}, but the server answered {example.Execution}");
    }

    [TestCaseSource(nameof(RoutedExamples))]
    public void ErrorsThatTheProxyWords_AreTheServers(KeyExample example)
    {
        var output = new ArrayBufferWriter<byte>();
        switch (Find(example, out _))
        {
            case KeySearch.WrongArity:
                Replies.WrongArity(output, Resolve(example)!.Name);
                break;
            case KeySearch.KeyCountNotInteger:
                output.Write(Replies.NotInteger);
                break;
            case KeySearch.KeyCountTooLarge:
                output.Write(Replies.TooManyKeys);
                break;
            case KeySearch.KeyCountNegative:
                output.Write(Replies.NegativeKeys);
                break;
            default:
                return;
        }

        Assert.That(Encoding.Latin1.GetString(output.WrittenSpan), Is.EqualTo($"{example.Execution}\r\n"));
    }

    [TestCaseSource(nameof(RoutedExamples))]
    public void WrongNumberOfArguments_OnlyWhereTheServerSaysSo(KeyExample example)
    {
        var lookup = CommandTable.Resolve(TestRequest.Parse(example.Request).Frame, out var command);
        var expected = $"-ERR wrong number of arguments for '{command!.Name}' command";
        Assert.That(lookup != CommandLookup.WrongArity || example.Execution == expected, example.Execution);
    }

    private static CommandInfo? Resolve(KeyExample example) =>
        CommandTable.Resolve(TestRequest.Parse(example.Request).Frame, out var command) is CommandLookup.Found or CommandLookup.WrongArity ? command : null;

    private static KeySearch Find(KeyExample example, out List<string> keys)
    {
        var request = TestRequest.Parse(example.Request);
        keys = [];
        if (CommandTable.Resolve(request.Frame, out var command) != CommandLookup.Found)
        {
            return KeySearch.WrongArity;
        }

        var positions = new KeyPositions();
        var search = KeyFinder.Find(command!, request.Frame, positions);
        for (var i = 0; i < positions.Count; i++)
        {
            keys.Add(Encoding.Latin1.GetString(request.Frame[positions[i]]));
        }

        return search;
    }

    // `k RO,access` -> *1 *2 $1 k *2 +RO +access
    private static string Encode(string keys)
    {
        if (keys.StartsWith('-'))
        {
            return $"{keys}\r\n";
        }

        var words = keys.Length == 0 ? [] : keys.Split(' ');
        var text = new StringBuilder($"*{words.Length / 2}\r\n");
        for (var i = 0; i < words.Length; i += 2)
        {
            var flags = words[i + 1].Split(',', StringSplitOptions.RemoveEmptyEntries);
            text.Append($"*2\r\n${words[i].Length}\r\n{words[i]}\r\n*{flags.Length}\r\n").Append(string.Concat(flags.Select(flag => $"+{flag}\r\n")));
        }

        return text.ToString();
    }
}
