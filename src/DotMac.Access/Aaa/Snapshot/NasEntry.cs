using System.Net;
using DotMac.Contracts.Access;
using DotMac.Radius.Tls;

namespace DotMac.Access.Aaa.Snapshot;

/// <summary>A registered NAS as the AAA plane sees it. Immutable but for <see cref="Signing"/>.</summary>
internal sealed record NasEntry
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>Its number over all tenants, for rows that have to be small.</summary>
    public int Number { get; init; }
    public required string Shortname { get; init; }

    /// <summary>The address or network that its packets come from.</summary>
    public required IPNetwork Source { get; init; }

    /// <summary>Shared secret, UTF-8. Never logged.</summary>
    public required byte[] Secret { get; init; }
    public string? NasIdentifier { get; init; }
    public string? Group { get; init; }
    public NasVendor Vendor { get; init; }
    public MessageAuthenticatorPolicy Policy { get; init; }
    public bool Enabled { get; init; } = true;
    public int Version { get; init; }

    /// <summary>The name its certificate proves over RadSec, or null: then its address does.</summary>
    public string? RadsecName { get; init; }

    /// <summary>Whether this is how it is served over TLS.</summary>
    public bool IsOverTls { get; private init; }

    /// <summary>The same NAS over TLS: RadSec's own secret, and no demand for signatures, which TLS makes needless.</summary>
    public NasEntry OverTls =>
        this with
        {
            IsOverTls = true,
            Secret = [.. RadSec.Secret],
            Policy = MessageAuthenticatorPolicy.Ignore,
            Signing = new SigningHabit(),
        };

    /// <summary>Whether the NAS has shown that it signs; survives a change of its settings.</summary>
    public SigningHabit Signing { get; init; } = new();

    /// <summary>Whether an Access-Request without Message-Authenticator is dropped.</summary>
    public bool RequiresSignature =>
        Policy == MessageAuthenticatorPolicy.Require || (Policy == MessageAuthenticatorPolicy.Auto && Signing.IsProven);
}

/// <summary>
/// Learns whether a NAS signs its Access-Requests: proven, for good, by <see cref="Enough"/> signed ones in a row. A single one proves
/// nothing: many NAS sign EAP and Status-Server, which demand it, and nothing else.
/// </summary>
internal sealed class SigningHabit
{
    public const int Enough = 16;
    private int inARow;

    /// <summary>What is remembered of a NAS over a restart.</summary>
    public static SigningHabit Of(bool isProven) => new() { inARow = isProven ? Enough : 0 };

    public bool IsProven => Volatile.Read(ref inARow) >= Enough;

    /// <summary>Notes an Access-Request without EAP.</summary>
    public void Saw(bool signed)
    {
        if (IsProven)
        {
            return;
        }

        if (signed)
        {
            Interlocked.Increment(ref inARow);
        }
        else
        {
            Volatile.Write(ref inARow, 0);
        }
    }
}
