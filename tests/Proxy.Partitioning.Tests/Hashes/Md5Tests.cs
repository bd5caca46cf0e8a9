using System.Security.Cryptography;
using NUnit.Framework;
using Proxy.Partitioning.Hashes;

namespace Proxy.Partitioning.Tests.Hashes;

[TestFixture]
internal sealed class Md5Tests
{
    [Test]
    public void EveryLength_DigestsAsTheFrameworkDoes()
    {
        var random = new Random(5);
        for (var length = 0; length <= 300; length++)
        {
            var message = new byte[length];
            random.NextBytes(message);
            var digest = new byte[Md5.DigestLength];

            Md5.Compute(message, digest);

            Assert.That(digest, Is.EqualTo(MD5.HashData(message)), $"length {length}");
        }
    }
}
