using System.Text.Json;
using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Usage;

/// <summary>Sets how long sessions and hourly volumes are kept; what is past its time then goes within six hours and does not come back.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>accounting_retention.changed</c> 412 (If-Match does not fit).</remarks>
public static class SetRetention
{
    /// <param name="SessionsMonths">1 to 120; 24 unless given.</param>
    /// <param name="HourlyDays">7 to 800; 90 unless given.</param>
    public sealed record Body(int? SessionsMonths = null, int? HourlyDays = null);

    [Requires("isp.radius.write")]
    public sealed record Command(Body Body, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPut("/radius/accounting/retention", Put).WithName(nameof(SetRetention));

    private static async Task<Results<Ok<RetentionView>, ProblemHttpResult>> Put(
        Body body,
        IHandle<Command, RetentionView> handler,
        HttpContext http,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body, Problems.IfMatch(http.Request)), ct)).ToHttp(http.Response, r => r.Version);

    internal sealed class Handler(UnitOfWork work, AuditTrail audit) : IHandle<Command, RetentionView>
    {
        public async Task<Result<RetentionView>> Handle(Command command, CancellationToken ct)
        {
            var faults = new Faults()
                .Range("sessions_months", command.Body.SessionsMonths, 1, 120)
                .Range("hourly_days", command.Body.HourlyDays, 7, 800);
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            var before = await RetentionView.ReadAsync(work, ct);
            if (command.IfMatch is { } version && version != before.Version)
            {
                return UsageErrors.RetentionChanged;
            }

            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    """
                    INSERT INTO accounting_retention AS r (tenant_id, sessions_months, hourly_days) VALUES (@TenantId, @months, @days)
                    ON CONFLICT (tenant_id) DO UPDATE SET sessions_months = excluded.sessions_months, hourly_days = excluded.hourly_days,
                        updated_at = now(), version = r.version + 1
                    """,
                    new
                    {
                        work.TenantId,
                        months = command.Body.SessionsMonths ?? 24,
                        days = command.Body.HourlyDays ?? 90,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            var after = await RetentionView.ReadAsync(work, ct);
            audit.Note(
                "accounting.retention_set",
                "accounting_retention",
                work.TenantId!.Value.ToString(),
                JsonSerializer.Serialize(before),
                JsonSerializer.Serialize(after)
            );
            return after;
        }
    }
}
