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

/// <summary>Acknowledges an alarm (somebody looks after it) or clears it by hand, with a note.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>pon.alarm_not_found</c> 404, <c>pon.alarm_over</c> 409.</remarks>
public static class SettlePonAlarm
{
    public sealed record Body(string? Note = null);

    [Requires("isp.network.pon.write")]
    public sealed record Command(Guid Id, bool Clear, string? Note);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var prefix in new[] { "pon", "voltha" })
        {
            app.MapPost(
                    $"/{prefix}/alarms/{{id:guid}}/acknowledge",
                    (Guid id, Body? body, IHandle<Command, AlarmView> handler, CancellationToken ct) => Post(id, false, body, handler, ct)
                )
                .WithName($"Acknowledge{prefix}Alarm");
            app.MapPost(
                    $"/{prefix}/alarms/{{id:guid}}/clear",
                    (Guid id, Body? body, IHandle<Command, AlarmView> handler, CancellationToken ct) => Post(id, true, body, handler, ct)
                )
                .WithName($"Clear{prefix}Alarm");
        }
    }

    private static async Task<Results<Ok<AlarmView>, ProblemHttpResult>> Post(
        Guid id,
        bool clear,
        Body? body,
        IHandle<Command, AlarmView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, clear, body?.Note), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, CurrentCaller caller, AuditTrail audit, TimeProvider clock) : IHandle<Command, AlarmView>
    {
        private const string Acknowledge =
            "UPDATE pon_alarms SET acknowledged_at = @now, acknowledged_by = @by, note = coalesce(@note, note) WHERE id = @Id AND cleared_at IS NULL";

        private const string Clear =
            "UPDATE pon_alarms SET cleared_at = @now, cleared_by = @by, note = coalesce(@note, note) WHERE id = @Id AND cleared_at IS NULL";

        public async Task<Result<AlarmView>> Handle(Command command, CancellationToken ct)
        {
            if (new Faults().Text("note", command.Note, 0, 500).Error is { } error)
            {
                return error;
            }

            var changed = await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    command.Clear ? Clear : Acknowledge,
                    new
                    {
                        command.Id,
                        now = clock.GetUtcNow(),
                        by = caller.Value.Name,
                        note = string.IsNullOrWhiteSpace(command.Note) ? null : command.Note.Trim(),
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            var alarm = await work.Connection.QuerySingleOrDefaultAsync<AlarmView>(
                new CommandDefinition(AlarmView.Select + "WHERE a.id = @Id", new { command.Id }, work.Transaction, cancellationToken: ct)
            );
            if (alarm is null)
            {
                return PonErrors.AlarmNotFound;
            }

            if (changed == 0)
            {
                return PonErrors.AlarmOver;
            }

            audit.Note(command.Clear ? "pon_alarm.cleared" : "pon_alarm.acknowledged", "pon_alarm", command.Id.ToString());
            return alarm;
        }
    }
}
