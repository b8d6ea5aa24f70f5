using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace DotMac.Access.Aaa.Decisions;

/// <summary>
/// One decision on its way to the log, without references but for texts that are too long to be kept inline: noting one allocates nothing.
/// Its texts stand one behind the other, as octets of the packet or UTF-8.
/// </summary>
internal struct DecisionNote
{
    public const int InlineOctets = 192;

    /// <summary>Places of the texts.</summary>
    public const int Username = 0;
    public const int CallingStation = 1;
    public const int CalledStation = 2;
    public const int Circuit = 3;
    public const int Remote = 4;
    public const int Data = 5;
    public const int Texts = 6;

    /// <summary>UTC ticks.</summary>
    public long At;
    public Guid TenantId;

    /// <summary>Empty when the login is unknown.</summary>
    public Guid SubscriberId;
    public int NasNumber;
    public int LoginVersion;

    /// <summary>0 without a profile.</summary>
    public int ProfileVersion;
    public short Code;
    public byte Method;
    private Lengths lengths;
    private Inline inline;
    private byte[]? spilled;

    /// <summary>Keeps the six texts; an empty one is stored as null. No username means the login's own.</summary>
    public void Keep(
        scoped ReadOnlySpan<byte> username,
        scoped ReadOnlySpan<byte> callingStation,
        scoped ReadOnlySpan<byte> calledStation,
        scoped ReadOnlySpan<byte> circuit,
        scoped ReadOnlySpan<byte> remote,
        scoped ReadOnlySpan<byte> data
    )
    {
        var total = username.Length + callingStation.Length + calledStation.Length + circuit.Length + remote.Length + data.Length;
        spilled = total > InlineOctets ? new byte[total] : null;
        var target = spilled ?? (Span<byte>)inline;
        Put(Username, username, ref target);
        Put(CallingStation, callingStation, ref target);
        Put(CalledStation, calledStation, ref target);
        Put(Circuit, circuit, ref target);
        Put(Remote, remote, ref target);
        Put(Data, data, ref target);
    }

    /// <summary>The text of that place in <see cref="Keep"/>.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Text(int place)
    {
        var start = 0;
        for (var i = 0; i < place; i++)
        {
            start += lengths[i];
        }

        ReadOnlySpan<byte> all = spilled ?? (ReadOnlySpan<byte>)inline;
        return all.Slice(start, lengths[place]);
    }

    /// <summary>Lets go of what a long note held.</summary>
    public void Clear() => spilled = null;

    private void Put(int place, scoped ReadOnlySpan<byte> text, ref Span<byte> target)
    {
        lengths[place] = (ushort)text.Length;
        text.CopyTo(target);
        target = target[text.Length..];
    }

    [InlineArray(Texts)]
    private struct Lengths
    {
        private ushort first;
    }

    [InlineArray(InlineOctets)]
    private struct Inline
    {
        private byte first;
    }
}
