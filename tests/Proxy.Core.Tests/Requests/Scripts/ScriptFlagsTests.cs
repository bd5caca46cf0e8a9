using System.Text;
using NUnit.Framework;
using Proxy.Core.Requests.Scripts;

namespace Proxy.Core.Tests.Requests.Scripts;

public sealed class ScriptFlagsTests
{
    [TestCase("#!lua flags=no-writes\nreturn 1", true)]
    [TestCase("#!lua name=x flags=allow-oom,no-writes \r\nreturn 1", true)]
    [TestCase("#!lua\nreturn 1", false)]
    [TestCase("#!lua flags=no-writes", false)]
    [TestCase("#!lua flags=no-writes-at-all,allow-oom\nreturn 1", false)]
    [TestCase("return 1 -- #!lua flags=no-writes\n", false)]
    [TestCase("", false)]
    public void Script_WritesNothing_IfItsFirstLineSaysSo(string script, bool isReadOnly) =>
        Assert.That(ScriptFlags.IsReadOnly(Encoding.ASCII.GetBytes(script)), Is.EqualTo(isReadOnly));
}
