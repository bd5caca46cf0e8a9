using System.Text;
using NUnit.Framework;
using Proxy.Core.Model;
using Proxy.Host.Logging;
using Proxy.Testing;

namespace Proxy.Host.Tests.Logging;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LogFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder["proxy.log"];

    public void Dispose() => _folder.Dispose();

    [Test]
    public void FileThatExists_IsAppendedTo()
    {
        File.WriteAllText(Path, "old\n");
        using (var file = new LogFile(Path))
        {
            file.Write("new\n"u8);
        }

        Assert.That(File.ReadAllText(Path), Is.EqualTo("old\nnew\n"));
    }

    [Test]
    public void RenamedFile_IsWrittenToUntilReopened()
    {
        using var file = new LogFile(Path);
        file.Write("1\n"u8);
        File.Move(Path, _folder["proxy.log.1"]);
        file.Write("2\n"u8);
        file.Reopen();
        file.Write("3\n"u8);

        Assert.That((File.ReadAllText(_folder["proxy.log.1"]), File.ReadAllText(Path)), Is.EqualTo(("1\n2\n", "3\n")));
    }

    [Test]
    public void TruncatedFile_IsWrittenToFromItsNewEnd()
    {
        using var file = new LogFile(Path);
        file.Write("1\n"u8);
        File.WriteAllText(Path, "");
        file.Write("2\n"u8);

        Assert.That(File.ReadAllText(Path), Is.EqualTo("2\n"));
    }

    [Test]
    public void FileThatCannotBeReopened_IsWrittenToAsBefore()
    {
        Directory.CreateDirectory(_folder["logs"]);
        using var file = new LogFile(_folder["logs/proxy.log"]);
        Directory.Move(_folder["logs"], _folder["moved"]);

        Assert.That(file.Reopen, Throws.InstanceOf<IOException>());
        file.Write("still\n"u8);
        Assert.That(File.ReadAllText(_folder["moved/proxy.log"]), Is.EqualTo("still\n"));
    }

    [Test]
    public void FileInAFolderThatIsMissing_FailsTheStart() =>
        Assert.That(() => new LogFile(_folder["nowhere/proxy.log"]), Throws.InstanceOf<IOException>().With.Message.EqualTo("No such file or directory"));

    [Test]
    public void FileThatIsAFolder_FailsTheStart() =>
        Assert.That(() => new LogFile(_folder.Path), Throws.InstanceOf<IOException>().With.Message.EqualTo("Is a directory"));

    [Test]
    public void FullDevice_IsAnIoError()
    {
        using var file = new LogFile("/dev/full");

        Assert.That(() => file.Write("x\n"u8), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void RelativePath_StaysWhereItWasWhenTheFolderChanges()
    {
        var before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = _folder.Path;
            using var file = new LogFile("proxy.log");
            Environment.CurrentDirectory = before;
            file.Reopen();
            file.Write("x\n"u8);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }

        Assert.That(File.ReadAllText(Path), Is.EqualTo("x\n"));
    }

    [Test]
    public void WholeLog_GoesOnInANewFileAfterRotation()
    {
        using var log = new ProxyLog(new LogModel { File = Path }, TimeProvider.System);
        var logger = log.Factory.CreateLogger("Proxy.Core.Tests");
        Microsoft.Extensions.Logging.LoggerExtensions.LogInformation(logger, "before");
        Eventually.True(() => File.ReadAllText(Path).Contains("before", StringComparison.Ordinal), "the line is written");
        File.Move(Path, _folder["proxy.log.1"]);
        log.Reopen();
        Microsoft.Extensions.Logging.LoggerExtensions.LogInformation(logger, "after");
        log.Dispose();

        Assert.That(File.ReadAllText(Path, Encoding.UTF8), Does.Contain("after").And.Not.Contains("before"));
    }
}
