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

namespace DotMac.Network.Pon;

/// <summary>Changes what was given of the tenant's PON settings; the rest stays.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class ChangePonSettings
{
    /// <summary>Levels in dBm, −40 to 0.</summary>
    public sealed record Body(bool? AutoProvision = null, double? RxWarningDbm = null, double? RxCriticalDbm = null);

    [Requires("isp.network.pon.write")]
    public sealed record Command(Body Change);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPatch("/pon/settings", Patch).WithName(nameof(ChangePonSettings));

    private static async Task<Results<Ok<PonSettings>, ProblemHttpResult>> Patch(
        Body body,
        IHandle<Command, PonSettings> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit) : IHandle<Command, PonSettings>
    {
        private const string Keep = """
            INSERT INTO pon_settings (tenant_id, auto_provision, rx_warning_dbm, rx_critical_dbm)
            VALUES (@TenantId, @AutoProvision, @RxWarningDbm, @RxCriticalDbm)
            ON CONFLICT (tenant_id) DO UPDATE SET auto_provision = excluded.auto_provision, rx_warning_dbm = excluded.rx_warning_dbm,
                rx_critical_dbm = excluded.rx_critical_dbm
            """;

        public async Task<Result<PonSettings>> Handle(Command command, CancellationToken ct)
        {
            var before = await PonSettings.ReadAsync(work, ct);
            var after = new PonSettings
            {
                AutoProvision = command.Change.AutoProvision ?? before.AutoProvision,
                RxWarningDbm = command.Change.RxWarningDbm ?? before.RxWarningDbm,
                RxCriticalDbm = command.Change.RxCriticalDbm ?? before.RxCriticalDbm,
            };
            var faults = new Faults()
                .Check(after.RxWarningDbm is >= -40 and <= 0, "rx_warning_dbm", "out_of_range", "From -40 to 0.")
                .Check(after.RxCriticalDbm is >= -40 and <= 0, "rx_critical_dbm", "out_of_range", "From -40 to 0.")
                .Check(after.RxCriticalDbm <= after.RxWarningDbm, "rx_critical_dbm", "above_warning", "Not above the warning level.");
            if (faults.Error is { } error)
            {
                return error;
            }

            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    Keep,
                    new
                    {
                        work.TenantId,
                        after.AutoProvision,
                        after.RxWarningDbm,
                        after.RxCriticalDbm,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            var id = work.TenantId!.Value.ToString();
            audit.Note("pon_settings.changed", "pon_settings", id, JsonSerializer.Serialize(before), JsonSerializer.Serialize(after));
            return after;
        }
    }
}
