using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Profiles;

/// <summary>A profile after a change, and what would tell it to the sessions that run with the old rates.</summary>
public sealed record ChangedProfile : ProfileView
{
    internal ChangedProfile(ProfileView profile)
        : base(profile) { }

    /// <summary>Null when the rates did not change or nobody is online with them: then there is nothing to tell.</summary>
    public OfferedRun? CoaRun { get; init; }

    /// <summary>A mass change as <c>POST /radius/coa/runs</c> takes it (permission isp.radius.sessions.manage). Nothing was sent yet.</summary>
    /// <param name="Kind">rate.</param>
    /// <param name="Expected">Open sessions of its subscribers.</param>
    public sealed record OfferedRun(string Kind, OfferedFilter Filter, int Expected);

    public sealed record OfferedFilter(Guid BandwidthProfileId);

    private const string Live = """
        SELECT count(*)::int FROM radacct r JOIN subscribers s ON s.id = r.subscriber_id AND s.deleted_at IS NULL
        WHERE r.acctstoptime IS NULL AND s.bandwidth_profile_id = @Id
        """;

    internal static async Task<ChangedProfile> OfAsync(UnitOfWork work, ProfileView profile, bool otherRates, CancellationToken ct)
    {
        var live = otherRates
            ? await work.Connection.ExecuteScalarAsync<int>(
                new CommandDefinition(Live, new { profile.Id }, work.Transaction, cancellationToken: ct)
            )
            : 0;
        return new ChangedProfile(profile) { CoaRun = live == 0 ? null : new OfferedRun("rate", new OfferedFilter(profile.Id), live) };
    }
}
