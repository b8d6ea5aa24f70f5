using System.Text.Json;
using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;

namespace DotMac.Access.Provisioning.Services;

/// <summary>A service as the API shows it.</summary>
/// <param name="Status">
/// pending, provisioning, provisioning_failed, active, degraded, suspended, suspended_non_payment, suspended_fraud, maintenance, terminating,
/// terminated or failed. Degraded and failed follow from its runs: an optional step waits to be repaired, a run is in the dead-letter.
/// </param>
/// <param name="RunId">The latest run that worked on it.</param>
/// <param name="ServiceMetadata">The profile and the addresses as they were provisioned.</param>
public sealed record ServiceView(
    Guid Id,
    Guid SubscriberId,
    string ServiceIdentifier,
    string? SubscriberNumber,
    string ServiceType,
    Guid? CustomerId,
    Guid PlanId,
    string? PlanName,
    string Status,
    string? StatusReason,
    Guid? RunId,
    JsonElement ServiceMetadata,
    DateTimeOffset OrderedAt,
    DateTimeOffset? ProvisioningStartedAt,
    DateTimeOffset? ActivatedAt,
    DateTimeOffset? SuspendedAt,
    DateTimeOffset? TerminatedAt,
    DateTimeOffset UpdatedAt,
    int Version
)
{
    /// <summary>The status with what its runs say of it: 3 provisioning_failed, 7 degraded, 10 failed; of a run 3 degraded, 5 compensated, 6 stuck, 7 given up.</summary>
    internal const string Standing = """
        CASE WHEN i.status IN (0, 1, 9) AND EXISTS (SELECT 1 FROM saga_runs r WHERE r.id = i.run_id AND r.status IN (6, 7)) THEN 10
            WHEN i.status IN (0, 1) AND EXISTS (SELECT 1 FROM saga_runs r WHERE r.id = i.run_id AND r.status = 5) THEN 3
            WHEN i.status = 2 AND EXISTS (SELECT 1 FROM saga_runs r WHERE r.subject_id = i.subscriber_id AND r.status = 3) THEN 7
            ELSE i.status END::smallint
        """;

    internal const string Select =
        "SELECT i.id, i.subscriber_id, i.service_identifier, s.subscriber_number, i.service_type, i.customer_id, i.plan_id, p.name AS plan_name, "
        + Standing
        + """
             AS status, i.status_reason, i.run_id, i.service_metadata::text AS service_metadata, i.ordered_at, i.provisioning_started_at,
                i.activated_at, i.suspended_at, i.terminated_at, i.updated_at, i.version
            FROM service_instances i LEFT JOIN subscribers s ON s.id = i.subscriber_id
            LEFT JOIN radius_bandwidth_profiles p ON p.id = i.plan_id

            """;

    internal static async Task<ServiceView?> FindAsync(UnitOfWork work, Guid id, CancellationToken ct) =>
        (
            await work.Connection.QuerySingleOrDefaultAsync<Row>(
                new CommandDefinition(Select + "WHERE i.id = @id", new { id }, work.Transaction, cancellationToken: ct)
            )
        )?.ToView();

    internal sealed record Row(
        Guid Id,
        Guid SubscriberId,
        string ServiceIdentifier,
        string? SubscriberNumber,
        short ServiceType,
        Guid? CustomerId,
        Guid PlanId,
        string? PlanName,
        short Status,
        string? StatusReason,
        Guid? RunId,
        string ServiceMetadata,
        DateTimeOffset OrderedAt,
        DateTimeOffset? ProvisioningStartedAt,
        DateTimeOffset? ActivatedAt,
        DateTimeOffset? SuspendedAt,
        DateTimeOffset? TerminatedAt,
        DateTimeOffset UpdatedAt,
        int Version
    )
    {
        public ServiceView ToView() =>
            new(
                Id,
                SubscriberId,
                ServiceIdentifier,
                SubscriberNumber,
                Words.Of((ServiceType)ServiceType),
                CustomerId,
                PlanId,
                PlanName,
                Words.Of((ServiceStatus)Status),
                StatusReason,
                RunId,
                JsonSerializer.Deserialize<JsonElement>(ServiceMetadata),
                OrderedAt,
                ProvisioningStartedAt,
                ActivatedAt,
                SuspendedAt,
                TerminatedAt,
                UpdatedAt,
                Version
            );
    }
}
