using Dapper;
using DotMac.Access.Aaa.Vendors;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Coa;

/// <summary>Whom a bulk change would reach, how many, and what each vendor's NAS would be told. Sends nothing.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>bandwidth_profile.not_found</c> 404.</remarks>
public static class PreviewCoaRun
{
    [Requires("isp.radius.sessions.manage")]
    public sealed record Command(CoaRunOrder Order);

    /// <param name="Total">Give it back as <c>expected</c> when starting: a start that would reach more is refused.</param>
    /// <param name="Sample">The first of them.</param>
    public sealed record Response(int Total, IReadOnlyList<OfNas> Nas, IReadOnlyList<Session> Sample);

    /// <param name="Sent">What its NAS would be told, when that is the same for all sessions.</param>
    public sealed record OfNas(
        Guid? Id,
        string? Shortname,
        string Vendor,
        int Sessions,
        IReadOnlyList<PreviewedAttribute> Sent,
        IReadOnlyList<string> Warnings
    );

    public sealed record Session(string Id, string? Username, string AcctSessionId, string? Nas);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/radius/coa/runs/preview", Post).WithName(nameof(PreviewCoaRun));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Post(
        CoaRunOrder body,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        private const string ByNas =
            "SELECT n.id, n.shortname, n.vendor, x.sessions FROM (SELECT r.nas_id, count(*)::int AS sessions "
            + CoaRunOrder.From
            + " GROUP BY r.nas_id) x LEFT JOIN nas n ON n.id = x.nas_id ORDER BY x.sessions DESC, n.shortname";

        private const string First =
            "SELECT x.*, n.shortname FROM (SELECT r.acctuniqueid, r.radacctid, r.username, r.acctsessionid, r.nas_id "
            + CoaRunOrder.From
            + " ORDER BY r.radacctid LIMIT 20) x LEFT JOIN nas n ON n.id = x.nas_id";

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var order = command.Order;
            if (order.Refusal() is { } refusal)
            {
                return refusal;
            }

            var kind = order.KindRead!.Value;
            var change = await (order.Change ?? new CoaOrder()).ReadAsync(kind, work, ct);
            if (change.Error is { } wrong)
            {
                return wrong;
            }

            var nas = await work.Connection.QueryAsync<(Guid? Id, string? Shortname, short? Vendor, int Sessions)>(
                new CommandDefinition(ByNas, order.Values, work.Transaction, cancellationToken: ct)
            );
            var sample = await work.Connection.QueryAsync<(
                string UniqueId,
                long Number,
                string? Name,
                string SessionId,
                Guid? Nas,
                string? Shortname
            )>(new CommandDefinition(First, order.Values, work.Transaction, cancellationToken: ct));
            var all = nas.Select(n => Of(kind, change.Value, n)).ToList();
            return new Response(
                all.Sum(n => n.Sessions),
                all,
                [.. sample.Select(s => new Session(SessionId.Of(s.UniqueId, s.Number), s.Name, s.SessionId, s.Shortname))]
            );
        }

        private static OfNas Of(CoaKind kind, CoaChange change, (Guid? Id, string? Shortname, short? Vendor, int Sessions) nas)
        {
            var vendor = (NasVendor)(nas.Vendor ?? 0);
            return new OfNas(
                nas.Id,
                nas.Shortname,
                VendorWords.Of(vendor),
                nas.Sessions,
                change.Lacks(kind) is null ? CoaPacket.Preview(kind, change, vendor) : [],
                change.Rates is { } rates ? [.. RateWarnings.Of(rates, vendor)] : []
            );
        }
    }
}
