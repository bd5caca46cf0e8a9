using System.Reflection;
using NetArchTest.Rules;
using NUnit.Framework;
using Proxy.Partitioning;
using Proxy.Resp;
using Proxy.Transport;

namespace Proxy.Core.Tests;

/// <summary>The arrows between rooms: Clients → Requests → Backends → Topology → Model, never backwards.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly Core = typeof(ProxyInstance).Assembly;

    [TestCase("Model", "Configuration", "Topology", "Workers", "Backends", "Requests", "Clients")]
    [TestCase("Configuration", "Topology", "Workers", "Backends", "Requests", "Clients")]
    [TestCase("Metrics", "Topology", "Workers", "Backends", "Requests", "Clients")]
    [TestCase("Topology", "Workers", "Backends", "Requests", "Clients", "Configuration")]
    [TestCase("Workers", "Topology", "Backends", "Requests", "Clients", "Configuration", "Model")]
    [TestCase("Backends", "Requests", "Clients", "Configuration")]
    [TestCase("Requests", "Clients", "Configuration")]
    [TestCase("Clients", "Configuration")]
    public void RoomOfCore_DoesNotKnowTheRoomsAboveIt(string room, params string[] above)
    {
        var result = Types.InAssembly(Core)
            .That().ResideInNamespace("Proxy.Core." + room)
            .ShouldNot().HaveDependencyOnAny([.. above.Select(name => "Proxy.Core." + name)])
            .GetResult();

        Assert.That(result.FailingTypeNames ?? [], Is.Empty);
    }

    [Test]
    public void EveryRoomOfCore_HasTypes()
    {
        string[] rooms = ["Model", "Configuration", "Metrics", "Topology", "Workers", "Backends", "Requests", "Clients"];

        var empty = rooms.Where(room => !Types.InAssembly(Core).That().ResideInNamespace("Proxy.Core." + room).GetTypes().Any());

        Assert.That(empty, Is.Empty);
    }

    [TestCase("YamlDotNet")]
    [TestCase("Prometheus")]
    [TestCase("Microsoft.AspNetCore")]
    [TestCase("System.CommandLine")]
    [TestCase("Proxy.Transport")]
    public void Core_DoesNotKnow(string library)
    {
        var result = Types.InAssembly(Core).ShouldNot().HaveDependencyOn(library).GetResult();

        Assert.That(result.FailingTypeNames ?? [], Is.Empty);
    }

    [Test]
    public void Partitioning_ReferencesNothingOfOurs() => Assert.That(Ours(typeof(Partitioner).Assembly), Is.Empty);

    [Test]
    public void Resp_ReferencesNothingOfOurs() => Assert.That(Ours(typeof(ReplyScanner).Assembly), Is.Empty);

    [Test]
    public void Transport_ReferencesOnlyDotNetty()
    {
        var references = typeof(TransportSelector).Assembly.GetReferencedAssemblies().Select(name => name.Name!);

        Assert.That(references, Has.All.Match("^(DotNetty|System|Microsoft|netstandard|mscorlib)"));
    }

    private static IEnumerable<string> Ours(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("Proxy.", StringComparison.Ordinal));
}
