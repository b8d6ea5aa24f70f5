using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.NetworkProfiles;

/// <summary>What the plans that defaults are for are called.</summary>
internal static class PlanNames
{
    private sealed record Row(Guid Id, string Name);

    public static async Task<Dictionary<Guid, string>> ReadAsync(UnitOfWork work, IReadOnlyList<ProfileDefaults> of, CancellationToken ct)
    {
        var rows = await work.Connection.QueryAsync<Row>(
            new CommandDefinition(
                "SELECT id, name FROM radius_bandwidth_profiles WHERE id = ANY (@ids)",
                new { ids = of.Select(d => d.BandwidthProfileId).OfType<Guid>().Distinct().ToArray() },
                work.Transaction,
                cancellationToken: ct
            )
        );
        return rows.ToDictionary(r => r.Id, r => r.Name);
    }

    public static string? Of(Dictionary<Guid, string> names, ProfileDefaults of) =>
        of.BandwidthProfileId is { } plan ? names.GetValueOrDefault(plan) : null;
}
