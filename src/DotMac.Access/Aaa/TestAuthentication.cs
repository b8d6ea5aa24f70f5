using System.Text;
using Dapper;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Aaa;

/// <summary>Runs the decision for a login as an Access-Request would, and shows what the NAS would be told. Sends no packet, keeps no record.</summary>
/// <remarks>
/// It reads the database, not a node's snapshot, so it also tells what will be in force in a moment. <b>Errors:</b>
/// <c>validation.failed</c> 400, <c>nas.not_found</c> 404. It tells whether a password is right: it needs the permission to change it.
/// </remarks>
public static class TestAuthentication
{
    /// <param name="NasId">For the vendor's attributes; without it a generic NAS asks.</param>
    /// <param name="Method">pap (default) or chap.</param>
    /// <param name="CircuitId">Where the request would come from (Option 82): text, or octets as 0x….</param>
    /// <param name="RemoteId">Likewise.</param>
    public sealed record Body(
        string? Username = null,
        string? Password = null,
        Guid? NasId = null,
        string? Method = null,
        string? CircuitId = null,
        string? RemoteId = null
    );

    [Requires("isp.radius.write")]
    public sealed record Command(Body Asked);

    /// <param name="Outcome">accept or reject.</param>
    /// <param name="Reply">The attributes of the Access-Accept; none with a reject.</param>
    public sealed record Response(string Outcome, string Code, string Detail, IReadOnlyList<Attribute> Reply);

    public sealed record Attribute(string Name, string Value);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/radius/test/auth", Post).WithName(nameof(TestAuthentication));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Post(
        Body body,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, SnapshotRows rows, TimeProvider clock) : IHandle<Command, Response>
    {
        private const string Running = """
            SELECT count(*)::int FROM radacct WHERE subscriber_id = @SubscriberId AND acctstoptime IS NULL AND acctupdatetime > @oldest
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var asked = command.Asked;
            var faults = new Faults()
                .Text("username", asked.Username, 1, 253)
                .Check(!string.IsNullOrEmpty(asked.Password), "password", "required", "This must be given.")
                .Check(asked.Password is null || asked.Password.Length <= 128, "password", "too_long", "At most 128 characters.")
                .Text("circuit_id", asked.CircuitId, 0, 2 + LineId.MostChars)
                .Text("remote_id", asked.RemoteId, 0, 2 + LineId.MostChars)
                .Check(asked.Method is null or "pap" or "chap", "method", "unknown", "pap or chap.");
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            var vendor = NasVendor.Generic;
            if (asked.NasId is { } nas)
            {
                if (await VendorAsync(nas, ct) is not { } known)
                {
                    return Error.NotFound("nas.not_found", "There is no such NAS.");
                }

                vendor = known;
            }

            var login = await FindAsync(asked.Username!, ct);
            var running = login is null ? 0 : await RunningAsync(login, ct);
            var verdict = Decide(login, asked, running);
            var rates = verdict.Accepted
                ? (await rows.RatesAsync(ct)).Find(r => r.TenantId == work.TenantId && r.Id == login!.BandwidthProfileId)
                : null;
            return new Response(
                verdict.Accepted ? "accept" : "reject",
                verdict.Code,
                verdict.Data?.Text is { } data ? $"{verdict.Explanation} {data}" : verdict.Explanation,
                verdict.Accepted ? Reply(login!, rates, vendor) : []
            );
        }

        private static Verdict Decide(Login? login, Body asked, int running) =>
            Decision.Decide(
                new AccessRequestFacts
                {
                    HasUsername = true,
                    Credentials = Credentials.OfClearText(Encoding.UTF8.GetBytes(asked.Password!)),
                    RunningSessions = running,
                    LineIds = LineIds.Of(asked.CircuitId, asked.RemoteId),
                },
                login
            );

        private static List<Attribute> Reply(Login login, Rates? rates, NasVendor vendor)
        {
            var buffer = new byte[PacketView.MaxLength];
            var writer = new PacketWriter(buffer, PacketCode.AccessAccept, 0);
            ReplyAttributes.Write(ref writer, login, rates, vendor);
            var length = writer.FinishReply(new byte[PacketView.AuthenticatorLength], "test"u8);
            return PacketView.TryParse(buffer.AsSpan(0, length), out var packet, out _)
                ?
                [
                    .. RadiusDictionary
                        .Default.Decode(packet)
                        .Select(a => new Attribute(a.Tag is null ? a.Name : $"{a.Name}:{a.Tag}", a.Text)),
                ]
                : [];
        }

        private async Task<NasVendor?> VendorAsync(Guid id, CancellationToken ct) =>
            (NasVendor?)
                await work.Connection.QuerySingleOrDefaultAsync<short?>(
                    new CommandDefinition("SELECT vendor FROM nas WHERE id = @id", new { id }, work.Transaction, cancellationToken: ct)
                );

        private async Task<Login?> FindAsync(string username, CancellationToken ct)
        {
            var id = await work.Connection.QuerySingleOrDefaultAsync<Guid?>(
                new CommandDefinition(
                    "SELECT id FROM subscribers WHERE username = @name AND deleted_at IS NULL",
                    new { name = username.ToLowerInvariant() },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            if (id is { } subscriber)
            {
                await foreach (var login in rows.LoginsAsync([(work.TenantId!.Value, subscriber)], ct))
                {
                    return login;
                }
            }

            return null;
        }

        private Task<int> RunningAsync(Login login, CancellationToken ct)
        {
            var interval = TimeSpan.FromSeconds(login.InterimSeconds ?? ReplyAttributes.DefaultInterimSeconds);
            return work.Connection.ExecuteScalarAsync<int>(
                new CommandDefinition(
                    Running,
                    new { login.SubscriberId, oldest = clock.GetUtcNow() - (3 * interval) },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
        }
    }
}
