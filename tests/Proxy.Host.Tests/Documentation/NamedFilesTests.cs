using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Proxy.Host.Tests.Documentation;

internal sealed class NamedFilesTests
{
    [Test]
    public void FilesAndFoldersThatTheReadmeNames_AreThere()
    {
        var named = Regex.Matches(Readme.Text, @"\b(src|tests|conf|deploy)/[A-Za-z0-9_./-]*[A-Za-z0-9_]").Select(match => match.Value).Distinct();

        Assert.That(named.Where(path => !Exists(path)), Is.Empty);
    }

    [Test]
    public void LifeOfARequest_NamesFilesOfTheCore()
    {
        var named = Readme.Section("The life of a request").SelectMany(line => Regex.Matches(line, "([A-Za-z]+/)+[A-Za-z]+\\.cs").Select(match => match.Value)).ToList();

        Assert.That(named, Is.Not.Empty);
        Assert.That(named.Where(path => !Exists($"src/Proxy.Core/{path}")), Is.Empty);
    }

    private static bool Exists(string path) => Path.Exists(Path.Combine(Readme.Root, path));
}
