using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Pon.Simulator;

/// <summary>
/// Starts a simulated OLT anew, as a power cut would: every ONU is gone at once, and comes back under other ids when the OLT is up again.
/// Serial numbers, owners and tags stay.
/// </summary>
/// <remarks><b>Errors:</b> <c>pon.olt_not_found</c> 404.</remarks>
public static class RestartSimulatedOlt
{
    [Requires("isp.network.pon.write")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/pon/simulator/olts/{id:guid}/restart", Post).WithName(nameof(RestartSimulatedOlt));

    private static async Task<Results<NoContent, ProblemHttpResult>> Post(Guid id, IHandle<Command, Done> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(id), ct)).ToNoContent();

    internal sealed class Handler(UnitOfWork work, PonBooks books, OnuMoves moves, AuditTrail audit, TimeProvider clock)
        : IHandle<Command, Done>
    {
        private const string Down =
            "UPDATE pon_olts SET oper = 1, restarts = restarts + 1, last_restart_at = @now, controller_id = @controllerId WHERE id = @Id";

        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var values = new
            {
                command.Id,
                now = clock.GetUtcNow(),
                controllerId = Guid.CreateVersion7().ToString("N"),
            };
            // Before the OLT: whoever looks at its ONUs just now sees all of it as it was, or as it is afterwards.
            var serials = await work.Connection.QueryAsync<string>(
                new CommandDefinition("SELECT serial FROM pon_onus WHERE olt_id = @Id", values, work.Transaction, cancellationToken: ct)
            );
            await books.LockAsync([.. serials], ct);
            if (await work.Connection.ExecuteAsync(new CommandDefinition(Down, values, work.Transaction, cancellationToken: ct)) == 0)
            {
                return PonErrors.OltNotFound;
            }

            await books.NoteAsync("olt_restarted", command.Id, null, "It started anew: every ONU gets other ids.", ct);
            foreach (var row in await books.ReadAsync("WHERE u.olt_id = @Id ORDER BY u.serial", new { command.Id }, ct))
            {
                row.DeviceId = Guid.CreateVersion7().ToString("N");
                await books.DropFlowsAsync(row.Serial, ct);
                await moves.ApplyAsync(row, OnuEvent.OltRestarted, ct);
            }

            audit.Note("pon_olt.restarted", "pon_olt", command.Id.ToString());
            return Done.Instance;
        }
    }
}
