using System.Buffers.Binary;
using System.Numerics;

namespace DotMac.Radius.Wire;

/// <summary>MD4 (RFC 1320) of one message, in managed code: the base library has none, and MS-CHAP is defined over it. For MS-CHAP alone.</summary>
internal static class Md4
{
    public const int DigestLength = 16;
    private const int BlockLength = 64;
    private const uint Round2 = 0x5A827999;
    private const uint Round3 = 0x6ED9EBA1;

    private static ReadOnlySpan<byte> Order2 => [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15];

    private static ReadOnlySpan<byte> Order3 => [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15];

    private static ReadOnlySpan<byte> Shifts1 => [3, 7, 11, 19];

    private static ReadOnlySpan<byte> Shifts2 => [3, 5, 9, 13];

    private static ReadOnlySpan<byte> Shifts3 => [3, 9, 11, 15];

    /// <summary>Writes the 16 octets of the digest. <paramref name="digest"/> may lie over <paramref name="message"/>.</summary>
    public static void Compute(ReadOnlySpan<byte> message, Span<byte> digest)
    {
        Span<uint> state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476];
        var rest = message;
        while (rest.Length >= BlockLength)
        {
            Compress(state, rest);
            rest = rest[BlockLength..];
        }

        Span<byte> last = stackalloc byte[2 * BlockLength];
        last.Clear();
        rest.CopyTo(last);
        last[rest.Length] = 0x80;
        var padded = rest.Length < BlockLength - 8 ? BlockLength : 2 * BlockLength;
        BinaryPrimitives.WriteUInt64LittleEndian(last[(padded - 8)..], (ulong)message.Length * 8);
        Compress(state, last);
        if (padded > BlockLength)
        {
            Compress(state, last[BlockLength..]);
        }

        last.Clear();
        for (var i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(digest[(4 * i)..], state[i]);
        }
    }

    /// <summary>RFC 1320 §3.4. Each step's result takes the place of its first operand, and the four change places.</summary>
    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        for (var i = 0; i < 16; i++)
        {
            var sum = a + (d ^ (b & (c ^ d))) + Word(block, i);
            (a, b, c, d) = (d, BitOperations.RotateLeft(sum, Shifts1[i % 4]), b, c);
        }

        for (var i = 0; i < 16; i++)
        {
            var sum = a + ((b & c) | (d & (b | c))) + Word(block, Order2[i]) + Round2;
            (a, b, c, d) = (d, BitOperations.RotateLeft(sum, Shifts2[i % 4]), b, c);
        }

        for (var i = 0; i < 16; i++)
        {
            var sum = a + (b ^ c ^ d) + Word(block, Order3[i]) + Round3;
            (a, b, c, d) = (d, BitOperations.RotateLeft(sum, Shifts3[i % 4]), b, c);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
    }

    private static uint Word(ReadOnlySpan<byte> block, int index) => BinaryPrimitives.ReadUInt32LittleEndian(block.Slice(4 * index, 4));
}
