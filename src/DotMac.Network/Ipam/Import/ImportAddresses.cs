using System.Net;
using DotMac.Contracts.Access;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Import;

/// <summary>
/// Reads addresses and prefixes in use from CSV: <c>address</c>, and when wanted <c>vrf</c>, <c>owner_id</c>, <c>label</c>, <c>dns_name</c>,
/// <c>description</c>. They are taken out of the pools that contain them. All lines or none; a second time changes nothing.
/// </summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400 (no header, too long); what is wrong with a line stands beside it. <b>Effects:</b> audit entry
/// <c>addresses.imported</c>.
/// </remarks>
public static class ImportAddresses
{
    [Requires("isp.ipam.write")]
    public sealed record Command(string File, bool IsDryRun);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/ipam/import/ip-addresses", Post).Accepts<string>("text/csv").WithName(nameof(ImportAddresses));

    private static async Task<Results<Ok<ImportView>, ProblemHttpResult>> Post(
        HttpRequest request,
        IHandle<Command, ImportView> handler,
        CancellationToken ct,
        bool dry_run = true
    ) => (await handler.Handle(new Command(await ImportBody.ReadAsync(request, ct), dry_run), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, AddressBook book, ISubscribers subscribers, AuditTrail audit)
        : IHandle<Command, ImportView>
    {
        public async Task<Result<ImportView>> Handle(Command command, CancellationToken ct)
        {
            var lines = ImportView.ReadLines(command.File, "address");
            if (lines.Error is { } refusal)
            {
                return refusal;
            }

            var names = await ImportNames.ReadAsync(work, ct);
            var owners = await subscribers.WhichExistAsync([.. lines.Value.Select(OwnerOf).OfType<Guid>().Distinct()], ct);
            await work.Transaction.SaveAsync("import", ct);
            var results = new List<ImportedLine>();
            var seen = new HashSet<(IPNetwork, Guid?)>();
            foreach (var line in lines.Value)
            {
                results.Add(await LineAsync(line, names, owners, seen, ct));
            }

            var view = ImportView.Of(command.IsDryRun, results);
            if (!view.IsKept)
            {
                await work.Transaction.RollbackAsync("import", ct);
            }
            else if (view.Created > 0)
            {
                audit.Note("addresses.imported", "address", "import", null, ImportBody.Audit(view));
            }

            return view;
        }

        private static Guid? OwnerOf(CsvLine line) => Guid.TryParse(line["owner_id"], out var id) ? id : null;

        private async Task<ImportedLine> LineAsync(
            CsvLine line,
            ImportNames names,
            IReadOnlySet<Guid> owners,
            HashSet<(IPNetwork, Guid?)> seen,
            CancellationToken ct
        )
        {
            ImportedLine Fail(string code, string message) => new(line.Number, line["address"] ?? "", "failed", code, message);
            var owner = OwnerOf(line);
            if (Networks.Read(line["address"]) is not { } network)
            {
                return Fail("bad_format", "No address, or bits behind its length.");
            }

            if (AddressRules.Unfit(AddressRules.KindOf(network), network) is { } unfit)
            {
                return Fail("unfit", unfit);
            }

            if (!names.TryVrf(line["vrf"], out var vrf))
            {
                return Fail("vrf_unknown", $"There is no VRF {line["vrf"]}.");
            }

            if (line["owner_id"] is not null && (owner is null || !owners.Contains(owner.Value)))
            {
                return Fail("owner_unknown", "owner_id is the id of a subscriber who is there.");
            }

            if (line["label"]?.Length > 100 || line["dns_name"]?.Length > 253 || line["description"]?.Length > 500)
            {
                return Fail("too_long", "At most 100 characters of label, 253 of DNS name, 500 of description.");
            }

            if (!seen.Add((network, vrf)))
            {
                return Fail("twice", "The file has this address twice.");
            }

            var kind = AddressRules.KindOf(network);
            var said = await book.AllocateAsync(
                new Ask(
                    $"import:{vrf ?? work.TenantId}:{network}",
                    owner,
                    line["label"] ?? "",
                    kind,
                    network,
                    null,
                    null,
                    null,
                    AllocationOrigin.Import,
                    DnsName: line["dns_name"],
                    Description: line["description"],
                    Space: vrf ?? work.TenantId
                ),
                ct
            );
            if (said.Outcome is "ok" or "known")
            {
                return new ImportedLine(line.Number, network.ToString(), said.Outcome == "ok" ? "created" : "unchanged");
            }

            var fault = AddressRules.Fault(said, kind, network, null, null);
            return Fail(fault.Code, fault.Message);
        }
    }
}
