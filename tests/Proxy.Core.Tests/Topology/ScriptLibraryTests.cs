using System.Text;
using NUnit.Framework;
using Proxy.Core.Topology;

namespace Proxy.Core.Tests.Topology;

public sealed class ScriptLibraryTests
{
    // By sha1sum.
    private const string Digest = "e0e1f9fabfc9d4800c877a703b823ac0578ff8db";

    private ScriptLibrary _library = null!;

    [SetUp]
    public void NewLibrary() => _library = new ScriptLibrary();

    [Test]
    public void KeptScript_IsFoundByItsDigestInAnyCase()
    {
        var script = Keep("return 1");

        Assert.That(Find(Digest), Is.SameAs(script));
        Assert.That(Find(Digest.ToUpperInvariant()), Is.SameAs(script));
        Assert.That(Encoding.ASCII.GetString(script.LoadRequest), Is.EqualTo("*3\r\n$6\r\nSCRIPT\r\n$4\r\nLOAD\r\n$8\r\nreturn 1\r\n"));
    }

    [TestCase("e0e1f9fabfc9d4800c877a703b823ac0578ff8dc")]
    [TestCase("e0e1f9fabfc9d4800c877a703b823ac0578ff8d")]
    [TestCase("e0e1f9fabfc9d4800c877a703b823ac0578ff8dx")]
    [TestCase(" 0e1f9fabfc9d4800c877a703b823ac0578ff8db")]
    [TestCase("")]
    public void OtherDigest_IsNotFound(string digest)
    {
        Keep("return 1");

        Assert.That(Find(digest), Is.Null);
    }

    [Test]
    public void PreparedScript_IsNotThereBeforeItIsKept()
    {
        _library.Prepare("return 1"u8);

        Assert.That(Find(Digest), Is.Null);
    }

    [Test]
    public void Cleared_HasNoneAndTakesNoneFromBefore()
    {
        var early = _library.Prepare("return 1"u8)!;
        Keep("return 2");

        _library.Clear();
        _library.Keep(early, nowMs: 1);

        Assert.That((Find(Digest), _library.Bytes), Is.EqualTo(((KeptScript?)null, 0)));
    }

    [Test]
    public void ScriptKeptAgain_IsTheSame()
    {
        var script = Keep("return 1");
        var bytes = _library.Bytes;

        Keep("return 1");

        Assert.That((Find(Digest), _library.Bytes), Is.EqualTo((script, bytes)));
    }

    [Test]
    public void BeyondTheLimit_ThoseGoFirstThatWereNotAskedForTheLongest()
    {
        var text = new byte[ScriptLibrary.Limit / 16];
        var scripts = new List<KeptScript>();
        for (var i = 0; i < 15; i++)
        {
            text[0] = (byte)i;
            scripts.Add(_library.Prepare(text)!);
            _library.Keep(scripts[i], nowMs: i);
        }

        _library.Find(Name(scripts[0]), nowMs: 100);
        text[0] = 15;
        _library.Keep(_library.Prepare(text)!, nowMs: 101);

        Assert.That(_library.Bytes, Is.LessThanOrEqualTo(ScriptLibrary.Limit));
        Assert.That(_library.Find(Name(scripts[0]), nowMs: 102), Is.Not.Null);
        Assert.That(_library.Find(Name(scripts[1]), nowMs: 102), Is.Null);
        Assert.That(_library.Find(Name(scripts[14]), nowMs: 102), Is.Not.Null);
    }

    [Test]
    public void ScriptAsLargeAsTheLimit_IsNotKept() => Assert.That(_library.Prepare(new byte[ScriptLibrary.Limit]), Is.Null);

    [Test]
    public void Found_AllocatesNothing()
    {
        Keep("return 1");
        var name = Encoding.ASCII.GetBytes(Digest);
        _library.Find(name, 1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _library.Find(name, i);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static byte[] Name(KeptScript script) =>
        Encoding.ASCII.GetBytes($"{script.Digest.High:x16}{script.Digest.Middle:x16}{script.Digest.Low:x8}");

    private KeptScript Keep(string text)
    {
        var script = _library.Prepare(Encoding.ASCII.GetBytes(text))!;
        _library.Keep(script, nowMs: 1);
        return script;
    }

    private KeptScript? Find(string digest) => _library.Find(Encoding.ASCII.GetBytes(digest), nowMs: 2);
}
