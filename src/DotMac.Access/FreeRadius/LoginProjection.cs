using DotMac.Contracts.Access;

namespace DotMac.Access.FreeRadius;

/// <summary>The projection, for those who compare what is wanted with what was applied.</summary>
internal sealed class LoginProjection(Projection projection) : ILoginProjection
{
    public async Task<IReadOnlyList<LoginDrift>> DriftAsync(Guid tenantId, CancellationToken ct) =>
        [
            .. (await projection.DriftAsync(tenantId, ct))
                .Items.Where(i => i.Table is "radcheck" or "radreply")
                .Select(i => new LoginDrift(i.Id, i.Name, i.Table, i.Problem)),
        ];

    public Task MendAsync(Guid tenantId, Guid subscriberId, CancellationToken ct) => projection.UpdateAsync(tenantId, [subscriberId], ct);
}
