using NUnit.Framework;
using Proxy.Host.Daemon;
using Proxy.Testing;

namespace Proxy.Host.Tests.Daemon;

[TestFixture]
internal sealed class PidFileTests
{
    private TempFolder _folder = null!;

    private string Pid => _folder["pid"];

    [SetUp]
    public void SetUp() => _folder = new TempFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Write_FreshFile_HoldsTheIdOfThisProcess()
    {
        using var file = PidFile.Claim(Pid);
        file.Write();

        Assert.That(File.ReadAllText(Pid), Is.EqualTo($"{Environment.ProcessId}\n"));
    }

    [Test]
    public void Write_StaleFile_IsOverwritten()
    {
        _folder.Write("pid", "99999999\n");
        using var file = PidFile.Claim(Pid);
        file.Write();

        Assert.That(File.ReadAllText(Pid), Is.EqualTo($"{Environment.ProcessId}\n"));
    }

    [Test]
    public void Dispose_WrittenFile_IsGone()
    {
        var file = PidFile.Claim(Pid);
        file.Write();
        file.Dispose();

        Assert.That(File.Exists(Pid), Is.False);
    }

    [Test]
    public void Dispose_NeverWrittenAndNotThereBefore_IsGone()
    {
        PidFile.Claim(Pid).Dispose();

        Assert.That(File.Exists(Pid), Is.False);
    }

    [Test]
    public void Dispose_NeverWrittenOverAnothersFile_LeavesIt()
    {
        _folder.Write("pid", "1234\n");
        PidFile.Claim(Pid).Dispose();

        Assert.That(File.ReadAllText(Pid), Is.EqualTo("1234\n"));
    }

    [Test]
    public void Dispose_ASuccessorWroteItsOwn_LeavesIt()
    {
        var file = PidFile.Claim(Pid);
        file.Write();
        _folder.Write("pid", "1234\n");
        file.Dispose();

        Assert.That(File.ReadAllText(Pid), Is.EqualTo("1234\n"));
    }

    [Test]
    public void Dispose_SomebodyRemovedIt_IsFine()
    {
        var file = PidFile.Claim(Pid);
        file.Write();
        File.Delete(Pid);

        Assert.That(file.Dispose, Throws.Nothing);
    }

    [Test]
    public void Claim_MissingFolder_SaysSo() =>
        Assert.That(
            () => PidFile.Claim(_folder["none/pid"]),
            Throws.InstanceOf<IOException>().With.Message.EqualTo($"opening pid file '{_folder["none/pid"]}' failed: No such file or directory"));

    [Test]
    public void Claim_Folder_SaysSo() =>
        Assert.That(
            () => PidFile.Claim(_folder.Path),
            Throws.InstanceOf<IOException>().With.Message.EqualTo($"opening pid file '{_folder.Path}' failed: Is a directory"));
}
