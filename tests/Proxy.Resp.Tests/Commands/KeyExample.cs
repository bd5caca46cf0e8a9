namespace Proxy.Resp.Tests.Commands;

/// <summary>A line of `key-examples.txt`: a request, and what a real server said of it.</summary>
/// <param name="Request">`SORT k STORE d`.</param>
/// <param name="Keys">COMMAND GETKEYSANDFLAGS: `k RO,access d OW,update`, or an error, `-ERR …`.</param>
/// <param name="Execution">The error with which the server refuses it, `ok`, or empty where it was not executed.</param>
internal sealed record KeyExample(string Request, string Keys, string Execution)
{
    public static IReadOnlyList<KeyExample> All { get; } = Load();

    public bool Refused => Execution.StartsWith('-');

    /// <summary>The keys without their flags.</summary>
    public IEnumerable<string> KeyNames => Keys.Length == 0 || Keys[0] == '-' ? [] : Keys.Split(' ').Where((_, at) => at % 2 == 0);

    public override string ToString() => Request;

    private static List<KeyExample> Load()
    {
        using var stream = typeof(KeyExample).Assembly.GetManifestResourceStream("Proxy.Resp.Tests.Commands.Data.key-examples.txt")!;
        using var reader = new StreamReader(stream);
        var examples = new List<KeyExample>();
        while (reader.ReadLine() is { } line)
        {
            var columns = line.Split('\t');
            examples.Add(new KeyExample(columns[0], columns[1], columns[2]));
        }

        return examples;
    }
}
