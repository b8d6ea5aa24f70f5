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

namespace DotMac.Access.FreeRadius;

/// <summary>Switches the projection for FreeRADIUS's SQL module on or off. It holds clear passwords and secrets: off, all of them are deleted.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400. The rows follow within a second or two; GET says when they were compared.</remarks>
public static class SetFreeRadius
{
    /// <param name="Vendor">Whose attributes the reply rows are in; null: that of the NAS when all are of one vendor.</param>
    public sealed record Body(bool? Enabled = null, string? Vendor = null);

    [Requires("isp.radius.write")]
    public sealed record Command(Body Asked);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPut("/radius/freeradius", Put).WithName(nameof(SetFreeRadius));

    private static async Task<Results<Ok<FreeRadiusView>, ProblemHttpResult>> Put(
        Body body,
        IHandle<Command, FreeRadiusView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit, TimeProvider clock) : IHandle<Command, FreeRadiusView>
    {
        private const string Store = """
            INSERT INTO freeradius.settings (tenant_id, enabled, vendor, schema_name, role_name, changed_at)
            VALUES (@tenant, @enabled, @vendor, @schema, 'dotmac_' || @schema, @now)
            ON CONFLICT (tenant_id) DO UPDATE SET enabled = excluded.enabled, vendor = excluded.vendor, changed_at = excluded.changed_at,
                version = freeradius.settings.version + 1
            """;

        public async Task<Result<FreeRadiusView>> Handle(Command command, CancellationToken ct)
        {
            var (enabled, vendor) = command.Asked;
            var known = Words.Read<NasVendor>(vendor);
            var faults = new Faults()
                .Check(enabled is not null, "enabled", "required", "true or false.")
                .Check(vendor is null || known is not null, "vendor", "unknown", $"One of {Words.All<NasVendor>()}.");
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            var before = await FreeRadiusView.ReadAsync(work, ct);
            if (enabled is false && before.SchemaName is null)
            {
                return before;
            }

            var slug = await ScalarAsync("SELECT slug FROM tenants WHERE tenant_id = @tenant", ct);
            var schema = before.SchemaName ?? await ScalarAsync("SELECT freeradius.open_tenant(@slug)", ct, slug);
            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    Store,
                    new
                    {
                        tenant = work.TenantId,
                        enabled,
                        vendor = (short?)known,
                        schema,
                        now = clock.GetUtcNow(),
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            await ScalarAsync("SELECT pg_notify('dotmac_freeradius', @tenant::uuid::text)::text", ct);
            var after = await FreeRadiusView.ReadAsync(work, ct);
            audit.Note("update", "freeradius", work.TenantId!.Value.ToString(), Text(before), Text(after));
            return after;
        }

        private static string Text(FreeRadiusView view) => JsonSerializer.Serialize(new { enabled = view.Enabled, vendor = view.Vendor });

        private Task<string?> ScalarAsync(string sql, CancellationToken ct, string? slug = null) =>
            work.Connection.ExecuteScalarAsync<string>(
                new CommandDefinition(sql, new { tenant = work.TenantId, slug }, work.Transaction, cancellationToken: ct)
            );
    }
}
