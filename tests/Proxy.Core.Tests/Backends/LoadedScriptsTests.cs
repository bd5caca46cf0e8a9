using NUnit.Framework;
using Proxy.Core.Backends;

namespace Proxy.Core.Tests.Backends;

public sealed class LoadedScriptsTests
{
    private LoadedScripts _scripts = null!;

    [SetUp]
    public void NewSocket() => _scripts = new LoadedScripts();

    [Test]
    public void AddedScript_IsThereUntilItIsRemoved()
    {
        _scripts.Add(5);
        Assert.That((_scripts.Contains(5), _scripts.Contains(6)), Is.EqualTo((true, false)));

        _scripts.Remove(5);
        Assert.That(_scripts.Contains(5), Is.False);
    }

    [Test]
    public void TooManyScripts_AreForgottenButForTheLast()
    {
        for (var i = 0; i <= 16 * 1024; i++)
        {
            _scripts.Add(i);
        }

        Assert.That((_scripts.Contains(0), _scripts.Contains(16 * 1024)), Is.EqualTo((false, true)));
    }
}
