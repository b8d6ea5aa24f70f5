using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Addresses;

/// <summary>Changes the words that stand beside a live allocation: absent keeps, null clears.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>ipam_address.not_found</c> 404, <c>ipam_address.ended</c> 409. <b>Effects:</b> audit entry
/// <c>address.updated</c>.
/// </remarks>
public static class UpdateAddress
{
    public sealed record Body(Optional<string> Label, Optional<string> DnsName, Optional<string> Description);

    [Requires("isp.ipam.write")]
    public sealed record Command(Guid Id, Body Change);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Addresses)
        {
            app.MapPatch(route + "/{id:guid}", Patch).WithName(Aliases.Name(nameof(UpdateAddress), route));
        }
    }

    private static async Task<Results<Ok<AddressView>, ProblemHttpResult>> Patch(
        Guid id,
        Body body,
        IHandle<Command, AddressView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body), ct)).ToHttp();

    internal sealed class Handler(AddressBook book, UnitOfWork work, AuditTrail audit) : IHandle<Command, AddressView>
    {
        public async Task<Result<AddressView>> Handle(Command command, CancellationToken ct)
        {
            var row = await book.FindAsync(command.Id, ct);
            if (row is null)
            {
                return AddressErrors.NotFound;
            }

            if (row.EndedAt is not null)
            {
                return AddressErrors.Ended;
            }

            var values = new
            {
                command.Id,
                label = Filters.Clean(command.Change.Label.Or(row.Label)) ?? "",
                dnsName = Filters.Clean(command.Change.DnsName.Or(row.DnsName)),
                description = Filters.Clean(command.Change.Description.Or(row.Description)),
            };
            var faults = new Faults();
            Taking.Texts(faults, values.label, values.dnsName, values.description);
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    """
                    UPDATE ipam_allocations SET label = @label, dns_name = @dnsName, description = @description
                    WHERE tenant_id = current_tenant() AND id = @Id AND ended_at IS NULL
                    """,
                    values,
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            audit.Note(
                "address.updated",
                "address",
                row.Id.ToString(),
                Words(row.Label, row.DnsName, row.Description),
                Words(values.label, values.dnsName, values.description)
            );
            return AddressView.Of((await book.FindAsync(command.Id, ct))!);
        }

        private static string Words(string label, string? dnsName, string? description) =>
            System.Text.Json.JsonSerializer.Serialize(
                new
                {
                    label,
                    dns_name = dnsName,
                    description,
                }
            );
    }
}
