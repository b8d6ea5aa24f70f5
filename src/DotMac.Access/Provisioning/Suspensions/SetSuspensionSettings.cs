using System.Text;
using System.Text.Json;
using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>Says what is done about each reason to suspend a line. Reasons that are not named keep what they have.</summary>
/// <remarks>Lines that are suspended now keep what they got until their reasons change. <b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class SetSuspensionSettings
{
    /// <param name="GardenFilterId">Null: lines without a walled garden of their own are rejected.</param>
    public sealed record Body(
        Optional<string> GardenFilterId,
        bool? GardenByCoa = null,
        IReadOnlyList<GetSuspensionSettings.Policy?>? Policies = null
    );

    [Requires("isp.oss.configure")]
    public sealed record Command(Body Asked);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPut("/provisioning/suspension-settings", Put).WithName(nameof(SetSuspensionSettings));

    private static async Task<Results<Ok<GetSuspensionSettings.Response>, ProblemHttpResult>> Put(
        Body body,
        IHandle<Command, GetSuspensionSettings.Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit, TimeProvider clock) : IHandle<Command, GetSuspensionSettings.Response>
    {
        private const string SetGarden = """
            INSERT INTO suspension_settings (tenant_id, garden_filter_id, garden_by_coa, changed_at) VALUES (@TenantId, @garden, @byCoa, @now)
            ON CONFLICT (tenant_id) DO UPDATE SET garden_filter_id = excluded.garden_filter_id, garden_by_coa = excluded.garden_by_coa,
                changed_at = excluded.changed_at
            """;

        private const string SetPolicy = """
            INSERT INTO suspension_policies (tenant_id, reason, lets_into_garden, takes_onu_down, pauses_billing, needs_evidence)
            VALUES (@TenantId, @reason, @garden, @OnuDown, @PauseBilling, @NeedsEvidence)
            ON CONFLICT (tenant_id, reason) DO UPDATE SET lets_into_garden = excluded.lets_into_garden, takes_onu_down = excluded.takes_onu_down,
                pauses_billing = excluded.pauses_billing, needs_evidence = excluded.needs_evidence
            """;

        public async Task<Result<GetSuspensionSettings.Response>> Handle(Command command, CancellationToken ct)
        {
            var asked = command.Asked;
            var faults = new Faults()
                .Text("garden_filter_id", asked.GardenFilterId.Value, 0, 200)
                .Check(
                    asked.GardenFilterId.Value is null || Encoding.UTF8.GetByteCount(asked.GardenFilterId.Value) <= 200,
                    "garden_filter_id",
                    "too_long",
                    "At most 200 octets."
                );
            var policies = asked.Policies ?? [];
            for (var i = 0; i < policies.Count; i++)
            {
                faults
                    .Check(
                        Words.Read<SuspensionReason>(policies[i]?.Reason) is not null,
                        $"policies[{i}].reason",
                        "unknown",
                        $"One of {Words.All<SuspensionReason>()}."
                    )
                    .Check(policies[i]?.Action is "garden" or "reject", $"policies[{i}].action", "unknown", "garden or reject.");
            }

            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            var now = await SuspensionPolicies.ReadAsync(work, ct);
            var before = GetSuspensionSettings.Of(now);
            if (asked.GardenFilterId.IsSet || asked.GardenByCoa is not null)
            {
                await ExecuteAsync(
                    SetGarden,
                    new
                    {
                        work.TenantId,
                        garden = Input.Clean(asked.GardenFilterId.Or(now.GardenFilterId)),
                        byCoa = asked.GardenByCoa ?? now.GardenByCoa,
                        now = clock.GetUtcNow(),
                    },
                    ct
                );
            }

            foreach (var policy in policies)
            {
                await ExecuteAsync(
                    SetPolicy,
                    new
                    {
                        work.TenantId,
                        reason = (short)Words.Read<SuspensionReason>(policy!.Reason)!.Value,
                        garden = policy.Action == "garden",
                        policy.OnuDown,
                        policy.PauseBilling,
                        policy.NeedsEvidence,
                    },
                    ct
                );
            }

            var after = GetSuspensionSettings.Of(await SuspensionPolicies.ReadAsync(work, ct));
            audit.Note(
                "suspension_settings.set",
                "suspension_settings",
                work.TenantId!.Value.ToString(),
                JsonSerializer.Serialize(before),
                JsonSerializer.Serialize(after)
            );
            return after;
        }

        private Task<int> ExecuteAsync(string sql, object values, CancellationToken ct) =>
            work.Connection.ExecuteAsync(new CommandDefinition(sql, values, work.Transaction, cancellationToken: ct));
    }
}
