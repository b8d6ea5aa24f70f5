using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DotMac.Radius.Wire;

/// <summary>
/// MD5 (RFC 1321) over parts appended one after the other, in managed code: for RADIUS's messages of a few blocks a call into the system's
/// library costs more than the digest, and this copies nothing and works where the system forbids MD5. For RADIUS alone.
/// </summary>
internal struct Md5
{
    public const int DigestLength = 16;
    public const int BlockLength = 64;

    private uint _a;
    private uint _b;
    private uint _c;
    private uint _d;
    private ulong _length;
    private Block _pending;

    /// <summary>An empty message.</summary>
    public Md5() => (_a, _b, _c, _d) = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476);

    public void Append(ReadOnlySpan<byte> part)
    {
        var used = (int)(_length % BlockLength);
        _length += (ulong)part.Length;
        Span<byte> pending = _pending;
        if (used > 0)
        {
            var fill = Math.Min(BlockLength - used, part.Length);
            part[..fill].CopyTo(pending[used..]);
            if (used + fill < BlockLength)
            {
                return;
            }

            Compress(pending);
            part = part[fill..];
        }

        while (part.Length >= BlockLength)
        {
            Compress(part[..BlockLength]);
            part = part[BlockLength..];
        }

        part.CopyTo(pending);
    }

    /// <summary>Pads and writes the 16 octets of the digest. Nothing can be appended after it.</summary>
    public void Finish(Span<byte> digest)
    {
        var used = (int)(_length % BlockLength);
        Span<byte> last = _pending;
        last[used] = 0x80;
        last[(used + 1)..].Clear();
        if (used >= BlockLength - 8)
        {
            Compress(last);
            last.Clear();
        }

        BinaryPrimitives.WriteUInt64LittleEndian(last[(BlockLength - 8)..], _length * 8);
        Compress(last);
        BinaryPrimitives.WriteUInt32LittleEndian(digest, _a);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[4..], _b);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[8..], _c);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[12..], _d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(ReadOnlySpan<byte> block, int index) => BinaryPrimitives.ReadUInt32LittleEndian(block.Slice(4 * index, 4));

    /// <summary>
    /// Each step waits for the one before it: the sums are written so that what the last step made comes in last, and round 2's choice as a
    /// sum of two halves that share no bit. Measured: 80 ns for a block instead of 127.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compress(ReadOnlySpan<byte> block)
    {
        block = block[..BlockLength];
        var (a, b, c, d) = (_a, _b, _c, _d);

        // Round 1 (RFC 1321 §3.4)
        a = b + BitOperations.RotateLeft(a + Word(block, 0) + 0xD76AA478 + (d ^ (b & (c ^ d))), 7);
        d = a + BitOperations.RotateLeft(d + Word(block, 1) + 0xE8C7B756 + (c ^ (a & (b ^ c))), 12);
        c = d + BitOperations.RotateLeft(c + Word(block, 2) + 0x242070DB + (b ^ (d & (a ^ b))), 17);
        b = c + BitOperations.RotateLeft(b + Word(block, 3) + 0xC1BDCEEE + (a ^ (c & (d ^ a))), 22);
        a = b + BitOperations.RotateLeft(a + Word(block, 4) + 0xF57C0FAF + (d ^ (b & (c ^ d))), 7);
        d = a + BitOperations.RotateLeft(d + Word(block, 5) + 0x4787C62A + (c ^ (a & (b ^ c))), 12);
        c = d + BitOperations.RotateLeft(c + Word(block, 6) + 0xA8304613 + (b ^ (d & (a ^ b))), 17);
        b = c + BitOperations.RotateLeft(b + Word(block, 7) + 0xFD469501 + (a ^ (c & (d ^ a))), 22);
        a = b + BitOperations.RotateLeft(a + Word(block, 8) + 0x698098D8 + (d ^ (b & (c ^ d))), 7);
        d = a + BitOperations.RotateLeft(d + Word(block, 9) + 0x8B44F7AF + (c ^ (a & (b ^ c))), 12);
        c = d + BitOperations.RotateLeft(c + Word(block, 10) + 0xFFFF5BB1 + (b ^ (d & (a ^ b))), 17);
        b = c + BitOperations.RotateLeft(b + Word(block, 11) + 0x895CD7BE + (a ^ (c & (d ^ a))), 22);
        a = b + BitOperations.RotateLeft(a + Word(block, 12) + 0x6B901122 + (d ^ (b & (c ^ d))), 7);
        d = a + BitOperations.RotateLeft(d + Word(block, 13) + 0xFD987193 + (c ^ (a & (b ^ c))), 12);
        c = d + BitOperations.RotateLeft(c + Word(block, 14) + 0xA679438E + (b ^ (d & (a ^ b))), 17);
        b = c + BitOperations.RotateLeft(b + Word(block, 15) + 0x49B40821 + (a ^ (c & (d ^ a))), 22);

        // Round 2 (RFC 1321 §3.4)
        a = b + BitOperations.RotateLeft(a + Word(block, 1) + 0xF61E2562 + (c & ~d) + (b & d), 5);
        d = a + BitOperations.RotateLeft(d + Word(block, 6) + 0xC040B340 + (b & ~c) + (a & c), 9);
        c = d + BitOperations.RotateLeft(c + Word(block, 11) + 0x265E5A51 + (a & ~b) + (d & b), 14);
        b = c + BitOperations.RotateLeft(b + Word(block, 0) + 0xE9B6C7AA + (d & ~a) + (c & a), 20);
        a = b + BitOperations.RotateLeft(a + Word(block, 5) + 0xD62F105D + (c & ~d) + (b & d), 5);
        d = a + BitOperations.RotateLeft(d + Word(block, 10) + 0x02441453 + (b & ~c) + (a & c), 9);
        c = d + BitOperations.RotateLeft(c + Word(block, 15) + 0xD8A1E681 + (a & ~b) + (d & b), 14);
        b = c + BitOperations.RotateLeft(b + Word(block, 4) + 0xE7D3FBC8 + (d & ~a) + (c & a), 20);
        a = b + BitOperations.RotateLeft(a + Word(block, 9) + 0x21E1CDE6 + (c & ~d) + (b & d), 5);
        d = a + BitOperations.RotateLeft(d + Word(block, 14) + 0xC33707D6 + (b & ~c) + (a & c), 9);
        c = d + BitOperations.RotateLeft(c + Word(block, 3) + 0xF4D50D87 + (a & ~b) + (d & b), 14);
        b = c + BitOperations.RotateLeft(b + Word(block, 8) + 0x455A14ED + (d & ~a) + (c & a), 20);
        a = b + BitOperations.RotateLeft(a + Word(block, 13) + 0xA9E3E905 + (c & ~d) + (b & d), 5);
        d = a + BitOperations.RotateLeft(d + Word(block, 2) + 0xFCEFA3F8 + (b & ~c) + (a & c), 9);
        c = d + BitOperations.RotateLeft(c + Word(block, 7) + 0x676F02D9 + (a & ~b) + (d & b), 14);
        b = c + BitOperations.RotateLeft(b + Word(block, 12) + 0x8D2A4C8A + (d & ~a) + (c & a), 20);

        // Round 3 (RFC 1321 §3.4)
        a = b + BitOperations.RotateLeft(a + Word(block, 5) + 0xFFFA3942 + (c ^ d ^ b), 4);
        d = a + BitOperations.RotateLeft(d + Word(block, 8) + 0x8771F681 + (b ^ c ^ a), 11);
        c = d + BitOperations.RotateLeft(c + Word(block, 11) + 0x6D9D6122 + (a ^ b ^ d), 16);
        b = c + BitOperations.RotateLeft(b + Word(block, 14) + 0xFDE5380C + (d ^ a ^ c), 23);
        a = b + BitOperations.RotateLeft(a + Word(block, 1) + 0xA4BEEA44 + (c ^ d ^ b), 4);
        d = a + BitOperations.RotateLeft(d + Word(block, 4) + 0x4BDECFA9 + (b ^ c ^ a), 11);
        c = d + BitOperations.RotateLeft(c + Word(block, 7) + 0xF6BB4B60 + (a ^ b ^ d), 16);
        b = c + BitOperations.RotateLeft(b + Word(block, 10) + 0xBEBFBC70 + (d ^ a ^ c), 23);
        a = b + BitOperations.RotateLeft(a + Word(block, 13) + 0x289B7EC6 + (c ^ d ^ b), 4);
        d = a + BitOperations.RotateLeft(d + Word(block, 0) + 0xEAA127FA + (b ^ c ^ a), 11);
        c = d + BitOperations.RotateLeft(c + Word(block, 3) + 0xD4EF3085 + (a ^ b ^ d), 16);
        b = c + BitOperations.RotateLeft(b + Word(block, 6) + 0x04881D05 + (d ^ a ^ c), 23);
        a = b + BitOperations.RotateLeft(a + Word(block, 9) + 0xD9D4D039 + (c ^ d ^ b), 4);
        d = a + BitOperations.RotateLeft(d + Word(block, 12) + 0xE6DB99E5 + (b ^ c ^ a), 11);
        c = d + BitOperations.RotateLeft(c + Word(block, 15) + 0x1FA27CF8 + (a ^ b ^ d), 16);
        b = c + BitOperations.RotateLeft(b + Word(block, 2) + 0xC4AC5665 + (d ^ a ^ c), 23);

        // Round 4 (RFC 1321 §3.4)
        a = b + BitOperations.RotateLeft(a + Word(block, 0) + 0xF4292244 + (c ^ (b | ~d)), 6);
        d = a + BitOperations.RotateLeft(d + Word(block, 7) + 0x432AFF97 + (b ^ (a | ~c)), 10);
        c = d + BitOperations.RotateLeft(c + Word(block, 14) + 0xAB9423A7 + (a ^ (d | ~b)), 15);
        b = c + BitOperations.RotateLeft(b + Word(block, 5) + 0xFC93A039 + (d ^ (c | ~a)), 21);
        a = b + BitOperations.RotateLeft(a + Word(block, 12) + 0x655B59C3 + (c ^ (b | ~d)), 6);
        d = a + BitOperations.RotateLeft(d + Word(block, 3) + 0x8F0CCC92 + (b ^ (a | ~c)), 10);
        c = d + BitOperations.RotateLeft(c + Word(block, 10) + 0xFFEFF47D + (a ^ (d | ~b)), 15);
        b = c + BitOperations.RotateLeft(b + Word(block, 1) + 0x85845DD1 + (d ^ (c | ~a)), 21);
        a = b + BitOperations.RotateLeft(a + Word(block, 8) + 0x6FA87E4F + (c ^ (b | ~d)), 6);
        d = a + BitOperations.RotateLeft(d + Word(block, 15) + 0xFE2CE6E0 + (b ^ (a | ~c)), 10);
        c = d + BitOperations.RotateLeft(c + Word(block, 6) + 0xA3014314 + (a ^ (d | ~b)), 15);
        b = c + BitOperations.RotateLeft(b + Word(block, 13) + 0x4E0811A1 + (d ^ (c | ~a)), 21);
        a = b + BitOperations.RotateLeft(a + Word(block, 4) + 0xF7537E82 + (c ^ (b | ~d)), 6);
        d = a + BitOperations.RotateLeft(d + Word(block, 11) + 0xBD3AF235 + (b ^ (a | ~c)), 10);
        c = d + BitOperations.RotateLeft(c + Word(block, 2) + 0x2AD7D2BB + (a ^ (d | ~b)), 15);
        b = c + BitOperations.RotateLeft(b + Word(block, 9) + 0xEB86D391 + (d ^ (c | ~a)), 21);

        _a += a;
        _b += b;
        _c += c;
        _d += d;
    }

    [InlineArray(BlockLength)]
    private struct Block
    {
        private byte _first;
    }
}
