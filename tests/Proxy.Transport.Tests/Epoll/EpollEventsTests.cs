using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Proxy.Transport.Epoll;

namespace Proxy.Transport.Tests.Epoll;

public sealed unsafe class EpollEventsTests
{
    // Packed into 12 bytes on x86-64; elsewhere 16, with 4 bytes between the parts.
    [TestCase(Architecture.X64, 12)]
    [TestCase(Architecture.Arm64, 16)]
    public void EntrySize_IsTheSystems(Architecture architecture, int size) =>
        Assert.That(EpollEvents.DataOffsetOn(architecture) + sizeof(ulong), Is.EqualTo(size));

    [Test]
    public void EntrySize_IsThatOfThisMachine() =>
        Assert.That(EpollEvents.Size, Is.EqualTo(EpollEvents.DataOffsetOn(RuntimeInformation.ProcessArchitecture) + sizeof(ulong)));

    [Test]
    public void Written_ReadsBackAtItsPlace()
    {
        using var events = new EpollEvents(3);
        for (var index = 0; index < 3; index++)
        {
            EpollEvents.Write(new Span<byte>(events.Pointer + (index * EpollEvents.Size), EpollEvents.Size), (uint)index + 7, 0x0102030405060708UL + (ulong)index);
        }

        Assert.That(Enumerable.Range(0, 3).Select(events.Mask), Is.EqualTo(new[] { 7u, 8u, 9u }));
        Assert.That(events.Data(2), Is.EqualTo(0x010203040506070AUL));
    }

    [Test]
    public void Write_FillsTheWholeEntry()
    {
        var entry = new byte[EpollEvents.Size];
        Array.Fill(entry, (byte)0xFF);
        EpollEvents.Write(entry, EpollEvents.In, 1);
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(entry), Is.EqualTo(EpollEvents.In));
        Assert.That(entry.Count(one => one != 0), Is.EqualTo(2));
    }
}
