using System.Text.Json;
using NUnit.Framework;
using Proxy.Host.Yaml;
using Proxy.Testing;

namespace Proxy.Host.Tests.Yaml;

/// <summary>
/// Files with the verdict that nutcracker 0.5.0 (Debian) gave on each with <c>-t</c>. Ours is the same, except where a case says why not.
/// </summary>
[TestFixture]
internal sealed class NutcrackerAgreementTests
{
    private static IEnumerable<TestCaseData> Cases()
    {
        var file = Path.Combine(ProxyProcess.Repository, "tests", "Proxy.Host.Tests", "Yaml", "nutcracker-verdicts.json");
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            var accepted = entry.GetProperty("nutcracker").GetString() == "ok";
            var differs = entry.TryGetProperty("differs", out var why);
            var name = entry.GetProperty("name").GetString();
            yield return new TestCaseData(entry.GetProperty("file").GetString(), accepted != differs).SetArgDisplayNames(differs ? $"{name}: {why}" : name!);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void File_IsValidOrNot_AsForNutcracker(string file, bool isValid)
    {
        using var folder = new TempFolder();
        var loaded = ConfigFile.Load(folder.Write("nutcracker.yml", file));

        Assert.That(loaded.Model is not null, Is.EqualTo(isValid), string.Join('\n', loaded.Errors));
    }
}
