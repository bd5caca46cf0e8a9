using NUnit.Framework;
using Proxy.Host.Yaml;
using Proxy.Testing;

namespace Proxy.Host.Tests.Yaml;

[TestFixture]
internal sealed class ConfigFileTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TempFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void ValidFile_ModelWithWarningsOnly()
    {
        var path = _folder.Write("f.yaml", "p:\n  listen: 127.0.0.1:6380\n  redis: true\n  hash: crc32\n  servers: [a:1:1 x, a:2:1 y]\n");
        var loaded = ConfigFile.Load(path);

        Assert.That((loaded.Model?.Pools.Length, loaded.Errors, loaded.Warnings.Count), Is.EqualTo(((int?)1, Array.Empty<string>(), 1)));
        Assert.That(loaded.Warnings[0], Does.StartWith($"{path}:1:1: warning: p: hash crc32 has only 15 bits"));
    }

    [Test]
    public void InvalidFile_ErrorsAndWarningsApart()
    {
        var path = _folder.Write("f.yaml", "p:\n  listen: 127.0.0.1:6380\n  redis: yes\n  client_connections: 1\n  servers: [a:1:1 x]\n");
        var loaded = ConfigFile.Load(path);

        Assert.That(loaded.Model, Is.Null);
        Assert.That(loaded.Errors[0], Is.EqualTo($"{path}:3:10: p.redis: directive \"redis\" is not \"true\" or \"false\""));
        Assert.That(loaded.Warnings.Single(), Does.StartWith($"{path}:4:23: warning: p.client_connections:"));
    }

    [Test]
    public void BrokenYaml_OneError()
    {
        var path = _folder.Write("f.yaml", "p: [");

        Assert.That(ConfigFile.Load(path).Errors.Single(), Does.StartWith($"{path}:2:1: is not YAML"));
    }

    [Test]
    public void MissingFile_IsAnErrorInNutcrackersWords() =>
        Assert.That(
            ConfigFile.Load(_folder["none"]).Errors,
            Is.EqualTo(new[] { $"failed to open configuration '{_folder["none"]}': No such file or directory" }));

    [Test]
    public void MissingFolder_IsAnErrorInNutcrackersWords() =>
        Assert.That(
            ConfigFile.Load(_folder["none/f"]).Errors,
            Is.EqualTo(new[] { $"failed to open configuration '{_folder["none/f"]}': No such file or directory" }));

    [Test]
    public void Folder_IsAnError() =>
        Assert.That(ConfigFile.Load(_folder.Path).Errors, Is.EqualTo(new[] { $"failed to open configuration '{_folder.Path}': Is a directory" }));

    [Test]
    public void EndlessFile_IsAnError() =>
        Assert.That(
            ConfigFile.Load("/dev/zero").Errors,
            Is.EqualTo(new[] { "failed to open configuration '/dev/zero': File too large (more than 16777216 bytes)" }));
}
