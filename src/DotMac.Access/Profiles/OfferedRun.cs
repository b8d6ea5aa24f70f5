using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Profiles;

/// <summary>
/// A mass change as <c>POST /radius/coa/runs</c> takes it (permission isp.radius.sessions.manage), which would tell the new rates to the sessions that
/// run with the old ones. Nothing was sent yet.
/// </summary>
/// <param name="Kind">rate.</param>
/// <param name="Expected">Open sessions of the profile's subscribers.</param>
public sealed record OfferedRun(string Kind, OfferedRun.Whom Filter, int Expected)
{
    public sealed record Whom(Guid BandwidthProfileId);

    private const string Live = """
        SELECT count(*)::int FROM radacct r JOIN subscribers s ON s.id = r.subscriber_id AND s.deleted_at IS NULL
        WHERE r.acctstoptime IS NULL AND s.bandwidth_profile_id = @profile
        """;

    /// <summary>Null when nobody is online with the profile: then there is nothing to tell.</summary>
    internal static async Task<OfferedRun?> OfAsync(UnitOfWork work, Guid profile, CancellationToken ct)
    {
        var live = await work.Connection.ExecuteScalarAsync<int>(
            new CommandDefinition(Live, new { profile }, work.Transaction, cancellationToken: ct)
        );
        return live == 0 ? null : new OfferedRun("rate", new Whom(profile), live);
    }
}
