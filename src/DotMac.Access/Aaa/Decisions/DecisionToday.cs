using System.Text;
using Dapper;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Access.Aaa.Vendors;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Decisions;

/// <summary>What a stored decision meets today: the login, its profile, its running sessions, and the reply that these would make.</summary>
internal sealed class DecisionToday(UnitOfWork work, SnapshotRows rows, TimeProvider clock)
{
    private const string Running = """
        SELECT count(*)::int FROM radacct
        WHERE subscriber_id = @SubscriberId AND acctstoptime IS NULL AND acctupdatetime > @oldest
            AND NOT (nas_id = @nas AND callingstationid IS NOT DISTINCT FROM @station)
        """;

    public async Task<Login?> LoginAsync(DecisionRow then, CancellationToken ct)
    {
        var subscriber = then.Username.Length > 0 ? await OfNameAsync(then.Username, ct) : null;
        subscriber ??= then.SubscriberId;
        if (subscriber is { } id)
        {
            await foreach (var login in rows.LoginsAsync([(work.TenantId!.Value, id)], ct))
            {
                return login;
            }
        }

        return null;
    }

    public async Task<Rates?> RatesAsync(Login login, CancellationToken ct) =>
        (await rows.RatesAsync(ct)).Find(r => r.TenantId == login.TenantId && r.Id == login.BandwidthProfileId);

    /// <summary>Live sessions of the login other than the one that this request would replace.</summary>
    public Task<int> RunningAsync(Login login, DecisionRow then, CancellationToken ct)
    {
        var interval = TimeSpan.FromSeconds(login.InterimSeconds ?? ReplyAttributes.DefaultInterimSeconds);
        return work.Connection.ExecuteScalarAsync<int>(
            new CommandDefinition(
                Running,
                new
                {
                    login.SubscriberId,
                    oldest = clock.GetUtcNow() - (3 * interval),
                    nas = then.NasId,
                    station = then.CallingStationId,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
    }

    public static IReadOnlyList<PreviewedAttribute> Reply(Login login, Rates? rates, NasVendor vendor)
    {
        var buffer = new byte[PacketView.MaxLength];
        var writer = new PacketWriter(buffer, PacketCode.AccessAccept, 0);
        ReplyAttributes.Write(ref writer, login, rates, vendor);
        return AttributePreview.Read(buffer.AsSpan(PacketView.HeaderLength..writer.Length), RadiusDictionary.Default);
    }

    /// <summary>
    /// The decision over the stored facts and today's login. The proof was not kept: a right password is taken as right still, a wrong one
    /// as wrong, and where it was not looked at then, as right.
    /// </summary>
    public static Verdict Decide(DecisionRow then, Login? login, int running)
    {
        var method = (AuthMethod)then.Method;
        if (then.Username.Length == 0)
        {
            return Verdict.UsernameMissing;
        }

        if (method == AuthMethod.None)
        {
            return Verdict.CredentialsMissing;
        }

        if (method == AuthMethod.Eap && then.CodeText == Verdict.MethodUnsupported.Code)
        {
            return Verdict.MethodUnsupported;
        }

        if (login is null)
        {
            return Verdict.LoginUnknown;
        }

        if (then.CodeText == Verdict.PasswordWrong.Code)
        {
            return Verdict.PasswordWrong;
        }

        var facts = new AccessRequestFacts
        {
            HasUsername = true,
            Credentials = Credentials.OfClearText(login.Password),
            RunningSessions = running,
            LineIds = new LineIds(Octets(then.CircuitId), Octets(then.RemoteId)),
        };
        return Decision.Admit(facts, login, out _);
    }

    /// <summary>Ids are kept in the spelling in which they are compared; their hex, read as text, is spelled the same again.</summary>
    private static byte[] Octets(string? id) => id is null ? [] : Encoding.UTF8.GetBytes(id);

    private Task<Guid?> OfNameAsync(string username, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<Guid?>(
            new CommandDefinition(
                "SELECT id FROM subscribers WHERE username = @name AND deleted_at IS NULL",
                new { name = username.ToLowerInvariant() },
                work.Transaction,
                cancellationToken: ct
            )
        );
}
