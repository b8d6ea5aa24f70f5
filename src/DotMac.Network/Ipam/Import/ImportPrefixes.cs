using System.Net;
using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Prefixes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Import;

/// <summary>
/// Reads prefixes from CSV: <c>prefix</c>, and when wanted <c>vrf</c>, <c>site</c> (slug), <c>status</c>, <c>role</c>, <c>is_pool</c>,
/// <c>description</c>. Without a status, what has others of the file inside it becomes a container. All lines or none; a second time changes nothing.
/// </summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400 (no header, too long); what is wrong with a line stands beside it. <b>Effects:</b> audit entry
/// <c>prefixes.imported</c>.
/// </remarks>
public static class ImportPrefixes
{
    [Requires("isp.ipam.write")]
    public sealed record Command(string File, bool IsDryRun);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/ipam/import/prefixes", Post).Accepts<string>("text/csv").WithName(nameof(ImportPrefixes));

    private static async Task<Results<Ok<ImportView>, ProblemHttpResult>> Post(
        HttpRequest request,
        IHandle<Command, ImportView> handler,
        CancellationToken ct,
        bool dry_run = true
    ) => (await handler.Handle(new Command(await ImportBody.ReadAsync(request, ct), dry_run), ct)).ToHttp();

    private sealed record Planned(CsvLine Line, IPNetwork Network, Guid? VrfId, Guid? SiteId, PrefixStatus Status, bool IsPool);

    internal sealed class Handler(UnitOfWork work, AuditTrail audit, TimeProvider clock) : IHandle<Command, ImportView>
    {
        public async Task<Result<ImportView>> Handle(Command command, CancellationToken ct)
        {
            var lines = ImportView.ReadLines(command.File, "prefix");
            if (lines.Error is { } refusal)
            {
                return refusal;
            }

            var results = new List<ImportedLine>();
            var planned = await PlanAsync(lines.Value, results, ct);
            await work.Transaction.SaveAsync("import", ct);
            foreach (var space in planned.Select(p => p.VrfId).Distinct())
            {
                await LockAsync(space, ct);
            }

            // Outer ones first, so that those inside find them.
            foreach (var prefix in planned.OrderBy(p => p.Network.PrefixLength))
            {
                results.Add(await WriteAsync(prefix, ct));
            }

            var view = ImportView.Of(command.IsDryRun, results);
            if (!view.IsKept)
            {
                await work.Transaction.RollbackAsync("import", ct);
            }
            else if (view.Created > 0)
            {
                audit.Note("prefixes.imported", "prefix", "import", null, ImportBody.Audit(view));
            }

            return view;
        }

        private async Task<List<Planned>> PlanAsync(IReadOnlyList<CsvLine> lines, List<ImportedLine> results, CancellationToken ct)
        {
            var names = await ImportNames.ReadAsync(work, ct);
            var networks = lines.Select(l => Networks.Read(l["prefix"])).OfType<IPNetwork>().ToHashSet();
            var around = networks
                .SelectMany(n => Enumerable.Range(0, n.PrefixLength).Select(length => Shortened(n, length)))
                .Where(networks.Contains)
                .ToHashSet();
            var planned = new List<Planned>();
            var seen = new HashSet<(IPNetwork, Guid?)>();
            foreach (var line in lines)
            {
                void Fail(string code, string message) =>
                    results.Add(new ImportedLine(line.Number, line["prefix"] ?? "", "failed", code, message));
                if (Networks.Read(line["prefix"]) is not { PrefixLength: > 0 } network)
                {
                    Fail("bad_format", "No prefix, or bits behind its length.");
                }
                else if (!names.TryVrf(line["vrf"], out var vrf))
                {
                    Fail("vrf_unknown", $"There is no VRF {line["vrf"]}.");
                }
                else if (!names.TrySite(line["site"], out var site))
                {
                    Fail("site_unknown", $"There is no site with the slug {line["site"]}.");
                }
                else if (line["status"] is { } word && Words.Read<PrefixStatus>(word) is null)
                {
                    Fail("status_unknown", $"One of {Words.All<PrefixStatus>()}.");
                }
                else if (line["role"]?.Length > 50 || line["description"]?.Length > 500)
                {
                    Fail("too_long", "At most 50 characters of role and 500 of description.");
                }
                else if (!seen.Add((network, vrf)))
                {
                    Fail("twice", "The file has this prefix twice.");
                }
                else
                {
                    var status =
                        Words.Read<PrefixStatus>(line["status"])
                        ?? (around.Contains(network) ? PrefixStatus.Container : PrefixStatus.Active);
                    planned.Add(
                        new Planned(line, network, vrf, site, status, line["is_pool"]?.ToLowerInvariant() is "true" or "yes" or "1")
                    );
                }
            }

            return planned;
        }

        private static IPNetwork Shortened(IPNetwork network, int length)
        {
            var piece = System.Numerics.BigInteger.One << (Networks.Bits(network.BaseAddress) - length);
            return new IPNetwork(Networks.Address(network.First() / piece * piece, network.IsV4()), length);
        }

        private Task<int> LockAsync(Guid? vrf, CancellationToken ct) =>
            work.Connection.ExecuteAsync(
                new CommandDefinition(
                    "SELECT pg_advisory_xact_lock(hashtextextended('ipam_prefix ' || current_tenant() || coalesce(@vrf, current_tenant()), 0))",
                    new { vrf },
                    work.Transaction,
                    cancellationToken: ct
                )
            );

        private async Task<ImportedLine> WriteAsync(Planned prefix, CancellationToken ct)
        {
            const string Find = """
                SELECT p.network::text AS network, p.status FROM ipam_prefixes p
                WHERE p.tenant_id = current_tenant() AND p.space = coalesce(@VrfId, p.tenant_id) AND (p.network = @network::cidr
                    OR p.network && @network::cidr AND (p.status <> 0 AND p.network >> @network::cidr OR @status <> 0 AND p.network << @network::cidr))
                ORDER BY p.network = @network::cidr DESC LIMIT 1
                """;
            const string Insert = """
                INSERT INTO ipam_prefixes (tenant_id, id, vrf_id, network, site_id, status, role, is_pool, description, created_at, updated_at)
                VALUES (current_tenant(), @id, @VrfId, @network::cidr, @SiteId, @status, @role, @IsPool, @description, @at, @at)
                """;
            var values = new
            {
                id = Guid.CreateVersion7(),
                prefix.VrfId,
                network = prefix.Network.ToString(),
                prefix.SiteId,
                status = (short)prefix.Status,
                role = prefix.Line["role"],
                prefix.IsPool,
                description = prefix.Line["description"],
                at = clock.GetUtcNow(),
            };
            var found = await work.Connection.QueryFirstOrDefaultAsync<string>(
                new CommandDefinition(Find, values, work.Transaction, cancellationToken: ct)
            );
            if (found == values.network)
            {
                return new ImportedLine(prefix.Line.Number, values.network, "unchanged");
            }

            if (found is not null)
            {
                return new ImportedLine(
                    prefix.Line.Number,
                    values.network,
                    "failed",
                    "overlaps",
                    $"It overlaps {found}, and the outer one of the two is no container."
                );
            }

            await work.Connection.ExecuteAsync(new CommandDefinition(Insert, values, work.Transaction, cancellationToken: ct));
            return new ImportedLine(prefix.Line.Number, values.network, "created");
        }
    }
}
