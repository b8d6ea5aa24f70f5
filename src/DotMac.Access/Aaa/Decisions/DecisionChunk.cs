using System.Buffers.Binary;
using System.Text;

namespace DotMac.Access.Aaa.Decisions;

/// <summary>
/// Rows in the octets of PostgreSQL's binary COPY (manual, "COPY", Binary Format), ready to be sent as they are: columns in the order of
/// <see cref="Columns"/>. Text that PostgreSQL would refuse is made such that it does not.
/// </summary>
internal sealed class DecisionChunk(int capacity)
{
    public const string Columns =
        "at, tenant_id, subscriber_id, nas_number, login_version, profile_version, writer, code, method, username, callingstationid, calledstationid, circuit_id, remote_id, data";

    private const short ColumnCount = 15;
    private const int FixedOctets = 2 + (4 + 8) + (2 * (4 + 16)) + (3 * (4 + 4)) + (3 * (4 + 2)) + (6 * 4);
    private const int TicksPerMicrosecond = 10;
    private static readonly long Year2000 = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private readonly byte[] octets = new byte[capacity];
    private int length;

    /// <summary>Signature, flags and length of extensions: what stands before the first row.</summary>
    public static ReadOnlyMemory<byte> Header { get; } =
        new byte[] { 0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0 };

    /// <summary>What stands behind the last row.</summary>
    public static ReadOnlyMemory<byte> Trailer { get; } = new byte[] { 0xFF, 0xFF };

    public int Rows { get; private set; }

    public ReadOnlyMemory<byte> Octets => octets.AsMemory(0, length);

    /// <summary>Appends a row; false when there is no room any more and nothing was written.</summary>
    /// <param name="microseconds">The row's time, since the year 1.</param>
    public bool TryAdd(ref DecisionNote note, long microseconds, short writer)
    {
        var most = FixedOctets;
        for (var place = 0; place < DecisionNote.Texts; place++)
        {
            // Hex doubles an octet; a replacement for an octet that is no UTF-8 takes three.
            most += 3 * note.Text(place).Length;
        }

        if (most > octets.Length - length)
        {
            return false;
        }

        Int16(ColumnCount);
        Field(8);
        BinaryPrimitives.WriteInt64BigEndian(Take(8), microseconds - (Year2000 / TicksPerMicrosecond));
        Id(note.TenantId);
        Id(note.SubscriberId);
        Number(note.NasNumber);
        Version(note.LoginVersion);
        Version(note.ProfileVersion);
        Small(writer);
        Small(note.Code);
        Small(note.Method);
        Text(note.Text(DecisionNote.Username));
        Text(note.Text(DecisionNote.CallingStation));
        Text(note.Text(DecisionNote.CalledStation));
        LineId(note.Text(DecisionNote.Circuit));
        LineId(note.Text(DecisionNote.Remote));
        Text(note.Text(DecisionNote.Data));
        Rows++;
        return true;
    }

    private Span<byte> Take(int count)
    {
        length += count;
        return octets.AsSpan(length - count, count);
    }

    private void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);

    private void Field(int octetCount) => BinaryPrimitives.WriteInt32BigEndian(Take(4), octetCount);

    private void Null() => Field(-1);

    private void Small(short value)
    {
        Field(2);
        Int16(value);
    }

    private void Version(int value)
    {
        if (value == 0)
        {
            Null();
            return;
        }

        Number(value);
    }

    private void Number(int value)
    {
        Field(4);
        BinaryPrimitives.WriteInt32BigEndian(Take(4), value);
    }

    private void Id(Guid id)
    {
        if (id == Guid.Empty)
        {
            Null();
            return;
        }

        Field(16);
        id.TryWriteBytes(Take(16), bigEndian: true, out _);
    }

    private void Text(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            Null();
        }
        else if (text.IndexOfAnyExceptInRange((byte)1, (byte)0x7F) < 0)
        {
            Field(text.Length);
            text.CopyTo(Take(text.Length));
        }
        else
        {
            var clean = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).Replace('\0', '\uFFFD'));
            Field(clean.Length);
            clean.CopyTo(Take(clean.Length));
        }
    }

    /// <summary>A Circuit-Id or Remote-Id: printable text as it is, anything else as lower-case hex.</summary>
    private void LineId(ReadOnlySpan<byte> id)
    {
        if (id.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0)
        {
            Text(id);
            return;
        }

        Field(2 * id.Length);
        Convert.TryToHexStringLower(id, Take(2 * id.Length), out _);
    }
}
