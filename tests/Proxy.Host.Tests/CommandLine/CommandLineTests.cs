using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Host.Tests.CommandLine;

/// <summary>The built executable, for flags and commands that end by themselves.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class CommandLineTests
{
    private const string Valid = "p:\n  listen: 127.0.0.1:6380\n  redis: true\n  servers: [127.0.0.1:7001:1 a]\n";

    private TempFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TempFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    private (int ExitCode, string Output) Run(params string[] arguments) => ChildProcess.Run(ProxyProcess.Executable, arguments, _folder.Path);

    [TestCase("-t -c f.yml")]
    [TestCase("--test-conf --conf-file f.yml")]
    [TestCase("--conf-file=f.yml -t")]
    [TestCase("-tc f.yml")]
    [TestCase("-cf.yml -t")]
    [TestCase("-t -c f.yml -d -v 11 -o log -s 22222 -i 30000 -a 127.0.0.1 -p pid -m 16384")]
    [TestCase("-t -c f.yml --daemonize --verbose=6 --output=log --stats-port=1 --stats-interval=1 --stats-addr=::1 --pid-file=pid --mbuf-size=512")]
    public void TestConf_ValidFile_NutcrackersLineAndZero(string arguments)
    {
        _folder.Write("f.yml", Valid);

        Assert.That(Run(arguments.Split(' ')), Is.EqualTo((0, "redis-proxy: configuration file 'f.yml' syntax is ok\n")));
    }

    [Test]
    public void TestConf_InvalidFile_AllErrorsAndWarningsAndOne()
    {
        _folder.Write("f.yml", "p:\n  listen: 127.0.0.1\n  redis: true\n  timeuot: 1\n  client_connections: 3\n  servers: [127.0.0.1:7001:1 a]\n");

        Assert.That(
            Run("-t", "-c", "f.yml"),
            Is.EqualTo((
                1,
                """
                f.yml:2:11: p.listen: directive "listen" has an invalid "hostname:port" format string: '127.0.0.1'
                f.yml:4:3: p.timeuot: directive "timeuot" is unknown (did you mean 'timeout'?)
                f.yml:5:23: warning: p.client_connections: directive "client_connections" limits the pool to 3 clients; twemproxy ignores it
                redis-proxy: configuration file 'f.yml' syntax is invalid

                """)));
    }

    [Test]
    public void TestConf_FileOfTheDefaultName_IsTaken()
    {
        Directory.CreateDirectory(_folder["conf"]);
        _folder.Write("conf/proxy.yaml", Valid);

        Assert.That(Run("-t"), Is.EqualTo((0, "redis-proxy: configuration file 'conf/proxy.yaml' syntax is ok\n")));
    }

    [Test]
    public void Serve_InvalidFile_ErrorsAndOne()
    {
        _folder.Write("f.yml", "p: 1\n");

        Assert.That(
            Run("-c", "f.yml"),
            Is.EqualTo((1, "f.yml:1:1: p: 'p' has to be a pool: a map with listen: and servers:\nredis-proxy: configuration file 'f.yml' syntax is invalid\n")));
    }

    [Test]
    public void Serve_MissingFile_ErrorAndOne() =>
        Assert.That(
            Run("-c", "f.yml"),
            Is.EqualTo((
                1,
                "failed to open configuration 'f.yml': No such file or directory\nredis-proxy: configuration file 'f.yml' syntax is invalid\n")));

    [TestCase("-x", "Unrecognized command or argument '-x'.")]
    [TestCase("--nonsense", "Unrecognized command or argument '--nonsense'.")]
    [TestCase("word", "Unrecognized command or argument 'word'.")]
    [TestCase("-c", "Required argument missing for option: '-c'.")]
    [TestCase("-v x", "option -v requires a number: 'x'")]
    [TestCase("-v -1", "option -v requires a number: '-1'")]
    [TestCase("-s 0", "option -s value 0 is not a valid port")]
    [TestCase("-s 65536", "option -s value 65536 is not a valid port")]
    [TestCase("--stats-port x", "option --stats-port requires a number: 'x'")]
    [TestCase("-i x", "option -i requires a number: 'x'")]
    [TestCase("-a nobody.invalid", "option -a value 'nobody.invalid' is not an address")]
    [TestCase("-m 511", "mbuf chunk size must be between 512 and 16777216 bytes")]
    [TestCase("-m x", "option -m requires a number: 'x'")]
    public void WrongFlag_SaysSoAndOne(string arguments, string reason)
    {
        var (exitCode, output) = Run(["-t", .. arguments.Split(' ')]);

        Assert.That((exitCode, output), Is.EqualTo((1, $"redis-proxy: {reason}\nTry 'redis-proxy --help'.\n")));
    }

    [TestCase("-h")]
    [TestCase("--help")]
    public void Help_NamesEveryFlag(string flag)
    {
        var (exitCode, output) = Run(flag);

        Assert.That(exitCode, Is.Zero);
        foreach (var letter in "cvtdDosaipmhV")
        {
            Assert.That(output, Does.Match($" -{letter}[, ]"));
        }
    }

    [TestCase("-V")]
    [TestCase("--version")]
    public void Version_IsPrinted(string flag)
    {
        var (exitCode, output) = Run(flag);

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Match(@"^\d+\.\d+\.\d+"));
    }

    [TestCase("-D")]
    [TestCase("--describe-stats")]
    public void DescribeStats_ListsThemWithoutAConfiguration(string flag)
    {
        var (exitCode, output) = Run(flag);

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("client_connections").And.Contain("out_queue_bytes"));
    }
}
