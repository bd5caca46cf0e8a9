using System.Reflection;
using System.Xml.Linq;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Host.Serving;
using Proxy.Host.Tests.Documentation;

namespace Proxy.Host.Tests;

internal sealed class NativeCompilationTests
{
    [Test]
    public void AssembliesWithChannelHandlers_AreKeptWhole()
    {
        var project = XDocument.Load(Path.Combine(Readme.Root, "src/Proxy.Host/Proxy.Host.csproj"));
        var kept = project.Descendants("TrimmerRootAssembly").Select(item => item.Attribute("Include")!.Value);

        var withHandlers = Used(typeof(ProxyServer).Assembly).Where(HasHandlers).Select(assembly => assembly.GetName().Name!).ToList();

        Assert.That(withHandlers, Does.Contain("DotNetty.Transport").And.Contain("Proxy.Core"));
        Assert.That(withHandlers, Is.SubsetOf(kept));
    }

    private static bool HasHandlers(Assembly assembly) =>
        assembly.GetTypes().Any(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IChannelHandler)));

    // What the code refers to, which is less than what the packages bring.
    private static HashSet<Assembly> Used(Assembly program)
    {
        var used = new HashSet<Assembly>();
        var open = new Stack<Assembly>([program]);
        while (open.TryPop(out var assembly))
        {
            if (used.Add(assembly))
            {
                foreach (var name in assembly.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Proxy.", StringComparison.Ordinal)
                    || name.Name.StartsWith("DotNetty.", StringComparison.Ordinal)))
                {
                    open.Push(Assembly.Load(name));
                }
            }
        }

        return used;
    }
}
