using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using DotMac.Access.Provisioning.Changes;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;

namespace DotMac.Access.Provisioning.Bulk;

/// <summary>Which subscribers, all conditions together. An empty filter is refused: it would mean everybody.</summary>
/// <param name="Q">Found anywhere in username, number, full name or IPv4 address, in any case.</param>
/// <param name="Suspended">Suspended, or not.</param>
/// <param name="SuspensionReason">With this reason in force: non_payment …</param>
/// <param name="NasId">Online at this NAS now.</param>
/// <param name="All">True when really everybody is meant.</param>
public sealed record BulkFilter(
    string? Q = null,
    Guid? BandwidthProfileId = null,
    bool? Suspended = null,
    string? SuspensionReason = null,
    Guid? NasId = null,
    IReadOnlyList<Guid>? SubscriberIds = null,
    bool? All = null
);

/// <summary>What is to be done: of the kind's own parameters, those that it needs.</summary>
/// <param name="Reason">suspend, resume: the reason; resume without one ends all.</param>
/// <param name="BandwidthProfileId">change_plan.</param>
/// <param name="Network">change_network: the same for each, so pools and not single addresses.</param>
public sealed record BulkParameters(
    string? Reason = null,
    string? Note = null,
    string? Evidence = null,
    DateTimeOffset? Until = null,
    Guid? BandwidthProfileId = null,
    ChangeNetwork.Body? Network = null
);

/// <summary>One operation for many subscribers.</summary>
/// <param name="Kind">suspend, resume, change_plan, change_network or deprovision.</param>
public sealed record BulkOrder(string? Kind = null, BulkParameters? Parameters = null, BulkFilter? Filter = null)
{
    internal const int Most = 100_000;

    // Those in service; a terminated one has nothing left to change.
    private const string From = """
        FROM subscribers s WHERE s.deleted_at IS NULL AND s.status IN (1, 2, 3)
            AND (@pattern::text IS NULL OR s.search LIKE @pattern)
            AND (@BandwidthProfileId::uuid IS NULL OR s.bandwidth_profile_id = @BandwidthProfileId)
            AND (@Suspended::boolean IS NULL OR s.suspended = @Suspended)
            AND (@reason::smallint IS NULL OR EXISTS (SELECT 1 FROM subscriber_suspensions r
                WHERE r.subscriber_id = s.id AND r.reason = @reason AND r.ended_at IS NULL AND r.in_force_at IS NOT NULL))
            AND (@NasId::uuid IS NULL OR EXISTS (SELECT 1 FROM radacct o WHERE o.subscriber_id = s.id AND o.nas_id = @NasId AND o.acctstoptime IS NULL))
            AND (@SubscriberIds::uuid[] IS NULL OR s.id = ANY (@SubscriberIds))

        """;

    internal BulkKind? KindRead => Words.Read<BulkKind>(Kind);

    /// <summary>What is done to many needs what it needs for one: the runs are the platform's, so whoever asks for them is looked at here.</summary>
    internal static Error? Forbidden(BulkKind kind, BulkParameters parameters, Caller caller) =>
        kind switch
        {
            BulkKind.Suspend or BulkKind.Resume => Grants.Missing(caller, Grants.Sessions),
            BulkKind.ChangePlan => ChangePlan.Forbidden(caller),
            BulkKind.ChangeNetwork => ChangeNetwork.Forbidden(parameters.Network ?? new ChangeNetwork.Body(), caller),
            _ => Grants.Missing(caller, Grants.Radius, Grants.Pon),
        };

    internal Error? Refusal()
    {
        var filter = Filter ?? new BulkFilter();
        var parameters = Parameters ?? new BulkParameters();
        var reason = Words.Read<SuspensionReason>(parameters.Reason);
        var faults = new Faults()
            .Check(KindRead is not null, "kind", "unknown", $"One of {Words.All<BulkKind>()}.")
            .Check(
                filter.All is true
                    || Input.Clean(filter.Q) is not null
                    || filter.BandwidthProfileId is not null
                    || filter.Suspended is not null
                    || filter.SuspensionReason is not null
                    || filter.NasId is not null
                    || filter.SubscriberIds is { Count: > 0 },
                "filter",
                "required",
                "Say which subscribers; all=true means everybody."
            )
            .Check(
                filter.SuspensionReason is null || Words.Read<SuspensionReason>(filter.SuspensionReason) is not null,
                "filter.suspension_reason",
                "unknown",
                $"One of {Words.All<SuspensionReason>()}."
            )
            .Check(
                parameters.Reason is null ? KindRead != BulkKind.Suspend : reason is not null,
                "parameters.reason",
                parameters.Reason is null ? "required" : "unknown",
                $"One of {Words.All<SuspensionReason>()}."
            )
            .Text("parameters.note", parameters.Note, 0, 500)
            .Text("parameters.evidence", parameters.Evidence, 0, 500)
            .Check(
                KindRead != BulkKind.ChangePlan || parameters.BandwidthProfileId is not null,
                "parameters.bandwidth_profile_id",
                "required",
                "This must be given."
            )
            .Check(
                KindRead != BulkKind.ChangeNetwork || parameters.Network is not null,
                "parameters.network",
                "required",
                "This must be given."
            );
        return faults.Error ?? (parameters.Network is { } network ? NetworkWishes.Read(network).Error : null);
    }

    /// <summary>Whom it means, in the order of their ids.</summary>
    internal async Task<IReadOnlyList<Guid>> WhomAsync(UnitOfWork work, CancellationToken ct) =>
        [
            .. await work.Connection.QueryAsync<Guid>(
                new CommandDefinition(
                    "SELECT s.id " + From + " ORDER BY s.id LIMIT @take",
                    new
                    {
                        pattern = Input.Contains(Filter?.Q),
                        Filter?.BandwidthProfileId,
                        Filter?.Suspended,
                        reason = (short?)Words.Read<SuspensionReason>(Filter?.SuspensionReason),
                        Filter?.NasId,
                        SubscriberIds = Filter?.SubscriberIds is { Count: > 0 } ids ? ids.ToArray() : null,
                        take = Most + 1,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            ),
        ];

    /// <summary>Of what is done and to whom: another set, or another operation, is another one.</summary>
    internal string Fingerprint(IReadOnlyList<Guid> whom)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Kind}\n{JsonSerializer.Serialize(Parameters, SagaJson.Options)}\n"));
        foreach (var id in whom)
        {
            hash.AppendData(id.ToByteArray());
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
