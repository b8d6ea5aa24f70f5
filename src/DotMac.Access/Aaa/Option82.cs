using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;

namespace DotMac.Access.Aaa;

/// <summary>What comparing a line's ids gave. Stored as its number.</summary>
internal enum Option82Result : byte
{
    /// <summary>The decision fell before the ids were looked at.</summary>
    NotChecked = 0,

    /// <summary>All configured ids are equal.</summary>
    Match = 1,

    /// <summary>A configured id differs, or is absent while the other one is there.</summary>
    Mismatch = 2,

    /// <summary>The request has neither id.</summary>
    Missing = 3,

    /// <summary>The subscriber has no ids configured.</summary>
    NoProfile = 4,

    /// <summary>The subscriber's policy is not to look.</summary>
    Ignored = 5,
}

/// <summary>The result, and which of the configured ids differ.</summary>
internal readonly record struct Option82Finding(Option82Result Result, bool CircuitDiffers = false, bool RemoteDiffers = false)
{
    public bool IsFault => Result is Option82Result.Mismatch or Option82Result.Missing;
}

/// <summary>Compares where a request comes from with where its subscriber's line is. Only the ids that are configured are compared.</summary>
internal static class Option82
{
    public static Option82Finding Check(LineLock? line, LineIds asked)
    {
        if (line is null)
        {
            return new(Option82Result.NoProfile);
        }

        if (line.Policy == Option82Policy.Ignore)
        {
            return new(Option82Result.Ignored);
        }

        var circuitDiffers = line.CircuitId is { } circuit && !IsEqual(circuit, asked.Circuit);
        var remoteDiffers = line.RemoteId is { } remote && !IsEqual(remote, asked.Remote);
        return asked.AreMissing ? new(Option82Result.Missing, circuitDiffers, remoteDiffers)
            : circuitDiffers || remoteDiffers ? new(Option82Result.Mismatch, circuitDiffers, remoteDiffers)
            : new(Option82Result.Match);
    }

    private static bool IsEqual(string expected, ReadOnlySpan<byte> id)
    {
        Span<char> text = stackalloc char[LineId.MostChars];
        return expected.AsSpan().SequenceEqual(text[..LineId.Write(id, text)]);
    }
}
