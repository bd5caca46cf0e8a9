using System.ComponentModel;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests;

/// <summary>Says clearly, and once, what is missing. Missing Redis is a failure.</summary>
[SetUpFixture]
public sealed class Prerequisites
{
    [OneTimeSetUp]
    public void RedisAndTheExecutableAreThere()
    {
        try
        {
            Assert.That(ChildProcess.Run("redis-server", ["--version"]).ExitCode, Is.Zero, "redis-server is not installed");
        }
        catch (Win32Exception problem)
        {
            Assert.Fail($"setpriv (util-linux) is not installed: {problem.Message}");
        }

        Assert.That(
            File.Exists(ProxyProcess.Executable),
            $"no executable at {ProxyProcess.Executable}: build src/Proxy.Host or set REDIS_PROXY_BIN");
        TestContext.Progress.WriteLine($"executable {ProxyProcess.Executable}, transport {ProxyProcess.Transport}");
    }
}
