using System.Buffers.Binary;

namespace DotMac.Tests.Radius;

/// <summary>
/// Wrong packets without end, the same for the same seed: those of the corpus and of the vectors, altered in octets, in lengths, and attribute by
/// attribute.
/// </summary>
public sealed class PacketFuzzer(int seed)
{
    /// <summary>A buffer has to hold so many octets.</summary>
    public const int MostOctets = 8_192;

    private const int LongOctets = 1_000;

    private static readonly byte[][] Seeds = ReadSeeds();
    private static readonly byte[] Interesting = [0, 1, 2, 3, 4, 5, 6, 16, 17, 18, 19, 0x1F, 0x20, 0x7F, 0x80, 0xFD, 0xFE, 0xFF];
    private static readonly byte[] Types =
    [
        1,
        2,
        3,
        4,
        8,
        24,
        25,
        26,
        33,
        40,
        44,
        60,
        64,
        69,
        79,
        80,
        81,
        97,
        123,
        241,
        244,
        245,
        246,
        255,
    ];

    private readonly Random _random = new(seed);

    public static IReadOnlyList<byte[]> Corpus => Seeds;

    /// <summary>Writes the next packet into the buffer and returns its length.</summary>
    public int Next(Span<byte> buffer)
    {
        var seed = Seeds[_random.Next(Seeds.Length)];
        if (seed.Length > LongOctets && _random.Next(16) != 0)
        {
            seed = Seeds[0]; // Long ones take the time of many.
        }

        seed.CopyTo(buffer);
        var length = seed.Length;
        for (var edits = _random.Next(5); edits >= 0 && length > 0; edits--)
        {
            length = Edit(buffer, length);
        }

        return length;
    }

    private int Edit(Span<byte> buffer, int length)
    {
        switch (_random.Next(11))
        {
            case 0:
                buffer[_random.Next(length)] = (byte)_random.Next(256);
                return length;
            case 1:
                buffer[_random.Next(length)] ^= (byte)(1 << _random.Next(8));
                return length;
            case 2:
                return _random.Next(length + 1);
            case 3:
                buffer[_random.Next(length)] = Interesting[_random.Next(Interesting.Length)];
                return length;
            case 4 or 5 when length > 3:
                BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)length);
                return length;
            case 6 when length > 3:
                BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)(length + _random.Next(-3, 4)));
                return length;
            case 7 when AttributeAt(buffer, length) is { Length: > 0 } at:
                buffer[at.Start + 1] = Interesting[_random.Next(Interesting.Length)];
                return length;
            case 8 when AttributeAt(buffer, length) is { Length: > 0 } gone:
                buffer[(gone.Start + gone.Length)..length].CopyTo(buffer[gone.Start..]);
                return Sized(buffer, length - gone.Length);
            case 9 when AttributeAt(buffer, length) is { Length: > 0 } twice && length + twice.Length <= MostOctets:
                buffer.Slice(twice.Start, twice.Length).CopyTo(buffer[length..]);
                return Sized(buffer, length + twice.Length);
            default:
                return length + 300 > MostOctets ? length : Append(buffer, length);
        }
    }

    /// <summary>Octets, or an attribute that may be well formed.</summary>
    private int Append(Span<byte> buffer, int length)
    {
        var more = _random.Next(_random.Next(2) == 0 ? 16 : 255);
        _random.NextBytes(buffer.Slice(length, more));
        if (more < 2)
        {
            return length + more;
        }

        buffer[length] = Types[_random.Next(Types.Length)];
        buffer[length + 1] = (byte)more;
        return Sized(buffer, length + more);
    }

    private (int Start, int Length) AttributeAt(ReadOnlySpan<byte> buffer, int length)
    {
        var chosen = default((int Start, int Length));
        var seen = 0;
        for (var at = 20; at + 2 <= length && buffer[at + 1] >= 2 && at + buffer[at + 1] <= length; at += buffer[at + 1])
        {
            if (_random.Next(++seen) == 0)
            {
                chosen = (at, buffer[at + 1]);
            }

            if (seen == 40)
            {
                break;
            }
        }

        return chosen;
    }

    private int Sized(Span<byte> buffer, int length)
    {
        if (length > 3 && _random.Next(4) != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)length);
        }

        return length;
    }

    private static byte[][] ReadSeeds()
    {
        var packets = VectorFile.Read("valid.txt").Concat(VectorFile.Read("malformed.txt")).Select(vector => vector.Packet).ToList();
        var corpus = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "corpus", "packets.txt"));
        foreach (var block in corpus.Split("\n\n"))
        {
            var hex = string.Concat(block.Split('\n').Where(line => !line.StartsWith('#')));
            if (hex.Length > 0)
            {
                packets.Add(Convert.FromHexString(hex));
            }
        }

        return [.. packets];
    }
}
