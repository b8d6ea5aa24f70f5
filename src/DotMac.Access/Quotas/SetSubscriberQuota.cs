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

/// <summary>Gives a subscriber a volume cap of its own in place of its profile's (or none: quota_bytes null). In force at once.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>subscriber.not_found</c> 404.</remarks>
public static class SetSubscriberQuota
{
    [Requires("isp.radius.write")]
    public sealed record Command(string Key, QuotaFields Fields);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapPut(routeBase + "/{key}/quota", Put).WithName(SubscriberKey.Name(nameof(SetSubscriberQuota), routeBase));
        }
    }

    private static async Task<Results<Ok<QuotaView>, ProblemHttpResult>> Put(
        string key,
        QuotaFields body,
        IHandle<Command, QuotaView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, QuotaCheck check, AuditTrail audit, TimeProvider clock) : IHandle<Command, QuotaView>
    {
        public async Task<Result<QuotaView>> Handle(Command command, CancellationToken ct)
        {
            if (await SubscriberKey.FindAsync(work, command.Key, ct) is not { } subscriber)
            {
                return AccessErrors.SubscriberNotFound;
            }

            var fields = command.Fields.Cleaned();
            if (await fields.RefusalAsync(work, capNeeded: false, ownProfile: null, ct) is { } refusal)
            {
                return refusal;
            }

            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    """
                    INSERT INTO subscriber_quotas (tenant_id, subscriber_id, quota_bytes, direction, reset_day, action, throttle_profile_id)
                    VALUES (@TenantId, @subscriber, @QuotaBytes, @Direction, @ResetDay, @Action, @ThrottleProfileId)
                    ON CONFLICT (tenant_id, subscriber_id) DO UPDATE SET quota_bytes = excluded.quota_bytes, direction = excluded.direction,
                        reset_day = excluded.reset_day, action = excluded.action, throttle_profile_id = excluded.throttle_profile_id, updated_at = now()
                    """,
                    new
                    {
                        work.TenantId,
                        subscriber,
                        fields.QuotaBytes,
                        fields.Direction,
                        fields.ResetDay,
                        fields.Action,
                        fields.ThrottleProfileId,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            audit.Note("quota.set", "subscriber", subscriber.ToString(), after: JsonSerializer.Serialize(fields));
            await check.RunAsync([subscriber], ct);
            return await QuotaView.ReadAsync(work, subscriber, clock.GetUtcNow(), ct);
        }
    }
}
