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

/// <summary>Gives a bandwidth profile a monthly volume cap. It holds for all its subscribers without one of their own, within a minute.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>bandwidth_profile.not_found</c> 404.</remarks>
public static class SetProfileQuota
{
    [Requires("isp.radius.write")]
    public sealed record Command(Guid Id, QuotaFields Fields);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPut("/radius/bandwidth-profiles/{id:guid}/quota", Put).WithName(nameof(SetProfileQuota));

    private static async Task<Results<Ok<ProfileQuotaView>, ProblemHttpResult>> Put(
        Guid id,
        QuotaFields body,
        IHandle<Command, ProfileQuotaView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit) : IHandle<Command, ProfileQuotaView>
    {
        public async Task<Result<ProfileQuotaView>> Handle(Command command, CancellationToken ct)
        {
            if (!await ProfileQuotaView.ProfileExistsAsync(work, command.Id, ct))
            {
                return QuotaErrors.ProfileNotFound;
            }

            var fields = command.Fields.Cleaned();
            if (await fields.RefusalAsync(work, capNeeded: true, command.Id, ct) is { } refusal)
            {
                return refusal;
            }

            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    """
                    INSERT INTO bandwidth_profile_quotas (tenant_id, profile_id, quota_bytes, direction, reset_day, action, throttle_profile_id)
                    VALUES (@TenantId, @Id, @QuotaBytes, @Direction, @ResetDay, @Action, @ThrottleProfileId)
                    ON CONFLICT (tenant_id, profile_id) DO UPDATE SET quota_bytes = excluded.quota_bytes, direction = excluded.direction,
                        reset_day = excluded.reset_day, action = excluded.action, throttle_profile_id = excluded.throttle_profile_id, updated_at = now()
                    """,
                    new
                    {
                        work.TenantId,
                        command.Id,
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
            audit.Note("quota.set", "bandwidth_profile", command.Id.ToString(), after: JsonSerializer.Serialize(fields));
            return (await ProfileQuotaView.FindAsync(work, command.Id, ct))!;
        }
    }
}
