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

namespace DotMac.Access.Quotas;

/// <summary>Adds octets to a subscriber's cap for this period; a limit that was in force is lifted when that is enough.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>subscriber.not_found</c> 404, <c>quota.no_cap</c> 409. <b>Effects:</b> within a second the login is
/// itself again; a throttled session gets its rates back from its NAS.
/// </remarks>
public static class AddQuotaTopUp
{
    /// <param name="Bytes">Octets, at least 1.</param>
    /// <param name="Note">Why; at most 200 characters.</param>
    public sealed record Body(long? Bytes = null, string? Note = null);

    [Requires("isp.radius.write")]
    public sealed record Command(string Key, Body Body);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapPost(routeBase + "/{key}/quota/top-ups", Post).WithName(SubscriberKey.Name(nameof(AddQuotaTopUp), routeBase));
        }
    }

    private static async Task<Results<Created<QuotaView>, ProblemHttpResult>> Post(
        string key,
        Body body,
        IHandle<Command, QuotaView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, body), ct)).ToCreated(q => $"/api/v1/radius/subscribers/{q.SubscriberId}/quota");

    internal sealed class Handler(UnitOfWork work, QuotaCheck check, AuditTrail audit, CurrentCaller caller, TimeProvider clock)
        : IHandle<Command, QuotaView>
    {
        public async Task<Result<QuotaView>> Handle(Command command, CancellationToken ct)
        {
            var note = Input.Clean(command.Body.Note);
            var faults = new Faults()
                .Check(command.Body.Bytes is not null, "bytes", "required", "This must be given, in octets.")
                .Range("bytes", command.Body.Bytes, 1, QuotaFields.MostBytes)
                .Text("note", note, 0, 200);
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            if (await SubscriberKey.FindAsync(work, command.Key, ct) is not { } subscriber)
            {
                return AccessErrors.SubscriberNotFound;
            }

            var now = clock.GetUtcNow();
            var before = await QuotaView.ReadAsync(work, subscriber, now, ct);
            if (before.QuotaBytes is null)
            {
                return QuotaErrors.NoCap;
            }

            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    """
                    INSERT INTO quota_top_ups (tenant_id, id, subscriber_id, period_start, bytes, note, created_at, created_by)
                    VALUES (@TenantId, @id, @subscriber, @PeriodStart, @Bytes, @note, @now, @by)
                    """,
                    new
                    {
                        work.TenantId,
                        id = Guid.CreateVersion7(now),
                        subscriber,
                        before.PeriodStart,
                        command.Body.Bytes,
                        note,
                        now,
                        by = caller.Value.Name,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            audit.Note(
                "quota.topped_up",
                "subscriber",
                subscriber.ToString(),
                after: JsonSerializer.Serialize(new { command.Body.Bytes, note })
            );
            await check.RunAsync([subscriber], ct);
            return await QuotaView.ReadAsync(work, subscriber, now, ct);
        }
    }
}
