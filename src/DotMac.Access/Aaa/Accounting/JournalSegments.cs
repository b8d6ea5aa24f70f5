using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace DotMac.Access.Aaa.Accounting;

/// <summary>The journal's files: their names, the framing of a record, and reading records back.</summary>
internal static class JournalSegments
{
    private const string Extension = ".journal";
    private const int HeaderBytes = 8;

    /// <summary>No record is longer: a packet of 4096 octets and its envelope.</summary>
    private const int MostPayloadBytes = 8_192;

    public static string PathOf(string folder, long number) =>
        Path.Combine(folder, number.ToString("D12", CultureInfo.InvariantCulture) + Extension);

    public static IEnumerable<long> Numbers(string folder) =>
        Directory
            .EnumerateFiles(folder, "*" + Extension)
            .Select(f => long.TryParse(Path.GetFileNameWithoutExtension(f), CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(n => n > 0);

    /// <summary>Octets of the segments from one number up to, and without, another.</summary>
    public static long Bytes(string folder, long from, long before) =>
        Numbers(folder)
            .Where(n => n >= from && n < before)
            .Sum(n => new FileInfo(PathOf(folder, n)) is { Exists: true } file ? file.Length : 0);

    public static void Frame(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> payload)
    {
        var span = to.GetSpan(HeaderBytes + payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(span, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], Crc32C(payload));
        payload.CopyTo(span[HeaderBytes..]);
        to.Advance(HeaderBytes + payload.Length);
    }

    /// <summary>Reads the record at the start of <paramref name="bytes"/>. False when it is cut off there or damaged.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> payload, out int length)
    {
        (payload, length) = (default, 0);
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
        if (size is <= 0 or > MostPayloadBytes || bytes.Length < HeaderBytes + size)
        {
            return false;
        }

        payload = bytes.Slice(HeaderBytes, size);
        length = HeaderBytes + size;
        return Crc32C(payload.Span) == BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[4..]);
    }

    /// <summary>How far a segment holds whole, undamaged records.</summary>
    public static long ValidLength(FileStream segment)
    {
        var bytes = new byte[segment.Length];
        segment.Position = 0;
        segment.ReadExactly(bytes);
        var rest = bytes.AsMemory();
        while (TryRead(rest, out _, out var length))
        {
            rest = rest[length..];
        }

        return bytes.Length - rest.Length;
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var octet in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, octet);
        }

        return ~crc;
    }
}
