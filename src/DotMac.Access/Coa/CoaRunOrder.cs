using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;

namespace DotMac.Access.Coa;

/// <summary>Which open sessions, all conditions together. An empty filter is refused: it would mean everybody.</summary>
/// <param name="Username">Found anywhere in the name, in any case.</param>
/// <param name="BandwidthProfileId">Sessions whose subscriber has this profile: after a change of it, for example.</param>
/// <param name="All">True when really every open session is meant.</param>
public sealed record CoaFilter(
    Guid? NasId = null,
    Guid? BandwidthProfileId = null,
    string? Username = null,
    IReadOnlyList<Guid>? SubscriberIds = null,
    bool? All = null
);

/// <summary>One change for many sessions.</summary>
/// <param name="Kind">disconnect, rate, vlan, ipv6_prefix, suspend or resume.</param>
/// <param name="Change">What to change to; what is left out comes from each session's subscriber.</param>
public sealed record CoaRunOrder(string? Kind = null, CoaOrder? Change = null, CoaFilter? Filter = null)
{
    private const int Most = 200_000;

    internal const string From = """
        FROM radacct r
        LEFT JOIN subscribers s ON s.id = r.subscriber_id AND s.deleted_at IS NULL
        WHERE r.acctstoptime IS NULL AND (@NasId::uuid IS NULL OR r.nas_id = @NasId)
            AND (@BandwidthProfileId::uuid IS NULL OR s.bandwidth_profile_id = @BandwidthProfileId)
            AND (@pattern::text IS NULL OR lower(r.username) LIKE @pattern)
            AND (@SubscriberIds::uuid[] IS NULL OR r.subscriber_id = ANY (@SubscriberIds))

        """;

    internal static int MostSessions => Most;

    internal CoaKind? KindRead => Words.Read<CoaKind>(Kind);

    internal Error? Refusal()
    {
        var filter = Filter ?? new CoaFilter();
        return new Faults()
            .Check(KindRead is not null, "kind", "unknown", $"One of {Words.All<CoaKind>()}.")
            .Check(
                filter.All is true
                    || filter.NasId is not null
                    || filter.BandwidthProfileId is not null
                    || Input.Clean(filter.Username) is not null
                    || filter.SubscriberIds is { Count: > 0 },
                "filter",
                "required",
                "Say which sessions; all=true means every open one."
            )
            .Check(
                filter.Username?.AsSpan().IndexOfAny("\r\n\0") is null or < 0,
                "filter.username",
                "bad_character",
                "CR, LF and NUL are not allowed."
            )
            .Check(filter.SubscriberIds is not { Count: > 10_000 }, "filter.subscriber_ids", "too_many", "At most 10,000.")
            .Error;
    }

    internal object Values =>
        new
        {
            Filter?.NasId,
            Filter?.BandwidthProfileId,
            pattern = Input.Contains(Filter?.Username),
            SubscriberIds = Filter?.SubscriberIds is { Count: > 0 } ids ? ids.ToArray() : null,
        };

    internal Task<int> CountAsync(UnitOfWork work, CancellationToken ct) =>
        work.Connection.ExecuteScalarAsync<int>(
            new CommandDefinition("SELECT count(*)::int " + From, Values, work.Transaction, cancellationToken: ct)
        );
}
