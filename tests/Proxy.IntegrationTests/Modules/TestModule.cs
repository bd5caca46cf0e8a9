using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Modules;

/// <summary>The module of <c>testmod.c</c>, compiled for the servers of this machine; <c>tests/run.sh</c> installs what that takes.</summary>
internal sealed class TestModule : IDisposable
{
    private readonly TempFolder _folder = new();

    public TestModule()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Modules", "testmod.c");
        var (exitCode, output) = ChildProcess.Run("cc", ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", FilePath, source]);
        Assert.That(exitCode, Is.Zero, output);
    }

    /// <summary>What servers load.</summary>
    public string FilePath => _folder["testmod.so"];

    /// <summary>A server that has it.</summary>
    /// <param name="arguments">The module's; with one it is a newer version.</param>
    public RedisServer StartServer(params string[] arguments) => RedisServer.Start(["--loadmodule", FilePath, .. arguments]);

    public void Dispose() => _folder.Dispose();
}
