using NUnit.Framework;
using Proxy.Core.Configuration;
using Proxy.Core.Configuration.Nodes;

namespace Proxy.Core.Tests.Configuration;

[TestFixture]
internal sealed class ConfigProblemTests
{
    private static readonly ConfigMark Mark = new(12, 5);

    [Test]
    public void Format_Error_NamesFileLineColumnPathAndReason() =>
        Assert.That(new ConfigProblem(Mark, "pools.p.timeout", "why").Format("/etc/f.yaml"), Is.EqualTo("/etc/f.yaml:12:5: pools.p.timeout: why"));

    [Test]
    public void Format_Warning_SaysSo() =>
        Assert.That(new ConfigProblem(Mark, "p", "why", IsWarning: true).Format("f"), Is.EqualTo("f:12:5: warning: p: why"));

    [Test]
    public void Format_WithoutPath_LeavesItOut() => Assert.That(new ConfigProblem(Mark, "", "why").Format("f"), Is.EqualTo("f:12:5: why"));

    [Test]
    public void Format_ControlCharacters_StaysOnOneLine() =>
        Assert.That(new ConfigProblem(Mark, "a\nb", "\u001b[31m").Format("f"), Is.EqualTo(@"f:12:5: a\x0ab: \x1b[31m"));

    [Test]
    public void InFileOrder_ProblemsFoundInAnyOrder_AreSortedByPlaceAndThenByFinding()
    {
        var problems = new ConfigProblems();
        problems.Error(new Place("c", new ConfigMark(2, 3)), "third");
        problems.Warning(new Place("b", new ConfigMark(2, 1)), "second");
        problems.Error(new Place("a", new ConfigMark(1, 9)), "first");
        problems.Error(new Place("d", new ConfigMark(2, 3)), "fourth");

        Assert.That(problems.InFileOrder().Select(problem => problem.Text), Is.EqualTo(new[] { "first", "second", "third", "fourth" }));
    }

    [Test]
    public void HasErrors_OnlyWarnings_False()
    {
        var problems = new ConfigProblems();
        problems.Warning(new Place("b", Mark), "doubtful");

        Assert.That(problems.HasErrors, Is.False);
    }
}
