using System.Text.Json;
using Dapper;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Coa;

/// <summary>Puts a change for many sessions down; a worker asks their NAS. Answers at once: look at the run for progress.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>bandwidth_profile.not_found</c> 404, <c>session.not_found</c> 404 (nobody is meant),
/// <c>coa.more_than_expected</c> 409, <c>coa.too_many</c>, <c>coa.vlan_updates_off</c> 422.
/// </remarks>
public static class StartCoaRun
{
    /// <param name="Expected">How many the preview told; a few more than that is fine, a tenth more is refused.</param>
    public sealed record Body(string? Kind = null, CoaOrder? Change = null, CoaFilter? Filter = null, int? Expected = null);

    [Requires("isp.radius.sessions.manage")]
    public sealed record Command(Body Asked);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/radius/coa/runs", Post).WithName(nameof(StartCoaRun));

    private static async Task<Results<Created<CoaRunView>, ProblemHttpResult>> Post(
        Body body,
        IHandle<Command, CoaRunView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(r => $"/api/v1/radius/coa/runs/{r.Id}");

    internal sealed class Handler(UnitOfWork work, CurrentCaller caller, AuditTrail audit, ITenantFlags flags, TimeProvider clock)
        : IHandle<Command, CoaRunView>
    {
        private const string Put = """
            INSERT INTO coa_runs (tenant_id, id, kind, change, filter, total, created_at, created_by)
            VALUES (@TenantId, @id, @kind, @change, @filter, @total, @now, @by)
            """;

        private const string Tasks =
            """
                INSERT INTO coa_tasks (tenant_id, id, run_id, kind, change, acctuniqueid, session_number, acctsessionid, username, subscriber_id, nas_id,
                    state, due_at, created_at, created_by)
                SELECT @TenantId, gen_random_uuid(), @id, @kind, @change, r.acctuniqueid, r.radacctid, r.acctsessionid, r.username, r.subscriber_id,
                    r.nas_id, 0, @now, @now, @by

                """ + CoaRunOrder.From;

        public async Task<Result<CoaRunView>> Handle(Command command, CancellationToken ct)
        {
            var asked = command.Asked;
            var order = new CoaRunOrder(asked.Kind, asked.Change, asked.Filter);
            if (order.Refusal() is { } refusal)
            {
                return refusal;
            }

            var kind = order.KindRead!.Value;
            var change = await (order.Change ?? new CoaOrder()).ReadAsync(kind, work, ct);
            if (change.Error is { } wrong)
            {
                return wrong;
            }

            if (kind == CoaKind.Vlan && !(await flags.ReadAsync(ct)).IsOn(TenantFlag.VlanCoaUpdates))
            {
                return CoaErrors.VlanUpdatesOff;
            }

            var total = await order.CountAsync(work, ct);
            if (total == 0)
            {
                return CoaErrors.NothingLive;
            }

            if (total > CoaRunOrder.MostSessions)
            {
                return CoaErrors.TooMany(total, CoaRunOrder.MostSessions);
            }

            if (asked.Expected is { } expected && total > expected + Math.Max(5, expected / 10))
            {
                return CoaErrors.MoreThanExpected(total, expected);
            }

            var id = Guid.CreateVersion7(clock.GetUtcNow());
            var values = new DynamicParameters(order.Values);
            values.AddDynamicParams(
                new
                {
                    work.TenantId,
                    id,
                    kind = (short)kind,
                    change = change.Value.ToJson(),
                    filter = JsonSerializer.Serialize(order.Filter, JsonSerializerOptions.Web),
                    now = clock.GetUtcNow(),
                    by = caller.Value.Name,
                    total,
                }
            );
            await work.Connection.ExecuteAsync(new CommandDefinition(Put, values, work.Transaction, cancellationToken: ct));
            await work.Connection.ExecuteAsync(new CommandDefinition(Tasks, values, work.Transaction, cancellationToken: ct));
            audit.Note(
                "coa_run.start",
                "coa_run",
                id.ToString(),
                after: JsonSerializer.Serialize(new { kind = asked.Kind, sessions = total })
            );
            return (await CoaRunView.FindAsync(work, id, ct))!;
        }
    }
}
