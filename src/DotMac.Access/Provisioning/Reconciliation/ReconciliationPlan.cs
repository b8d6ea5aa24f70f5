using System.Text.Json;
using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>How often a tenant is compared by itself.</summary>
public sealed class ReconciliationPlan
{
    public bool Enabled { get; init; } = true;

    /// <summary>1–1440.</summary>
    public int EveryMinutes { get; init; } = 15;

    internal static async Task<ReconciliationPlan> ReadAsync(UnitOfWork work, CancellationToken ct) =>
        await work.Connection.QuerySingleOrDefaultAsync<ReconciliationPlan>(
            new CommandDefinition(
                "SELECT enabled, every_minutes FROM reconciliation_settings",
                transaction: work.Transaction,
                cancellationToken: ct
            )
        ) ?? new ReconciliationPlan();
}

/// <summary>How often the tenant is compared by itself.</summary>
public static class GetReconciliationSettings
{
    [Requires("isp.oss.read")]
    public sealed record Command;

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/reconciliation/settings", Get).WithName(nameof(GetReconciliationSettings));

    private static async Task<Results<Ok<ReconciliationPlan>, ProblemHttpResult>> Get(
        IHandle<Command, ReconciliationPlan> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, ReconciliationPlan>
    {
        public async Task<Result<ReconciliationPlan>> Handle(Command command, CancellationToken ct) =>
            await ReconciliationPlan.ReadAsync(work, ct);
    }
}

/// <summary>Changes what was given of it; the rest stays.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class ChangeReconciliationSettings
{
    public sealed record Body(bool? Enabled = null, int? EveryMinutes = null);

    [Requires("isp.oss.configure")]
    public sealed record Command(Body Change);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPatch("/reconciliation/settings", Patch).WithName(nameof(ChangeReconciliationSettings));

    private static async Task<Results<Ok<ReconciliationPlan>, ProblemHttpResult>> Patch(
        Body body,
        IHandle<Command, ReconciliationPlan> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit) : IHandle<Command, ReconciliationPlan>
    {
        private const string Keep = """
            INSERT INTO reconciliation_settings (tenant_id, enabled, every_minutes) VALUES (@TenantId, @Enabled, @EveryMinutes)
            ON CONFLICT (tenant_id) DO UPDATE SET enabled = excluded.enabled, every_minutes = excluded.every_minutes
            """;

        public async Task<Result<ReconciliationPlan>> Handle(Command command, CancellationToken ct)
        {
            if (new Faults().Range("every_minutes", command.Change.EveryMinutes, 1, 1440).Error is { } error)
            {
                return error;
            }

            var before = await ReconciliationPlan.ReadAsync(work, ct);
            var after = new ReconciliationPlan
            {
                Enabled = command.Change.Enabled ?? before.Enabled,
                EveryMinutes = command.Change.EveryMinutes ?? before.EveryMinutes,
            };
            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    Keep,
                    new
                    {
                        work.TenantId,
                        after.Enabled,
                        after.EveryMinutes,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            var id = work.TenantId!.Value.ToString();
            audit.Note(
                "reconciliation_settings.changed",
                "reconciliation_settings",
                id,
                JsonSerializer.Serialize(before),
                JsonSerializer.Serialize(after)
            );
            return after;
        }
    }
}
