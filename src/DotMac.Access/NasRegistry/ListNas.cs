using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NasRegistry;

/// <summary>NAS in the order of their short names; <c>q</c> looks into short name, address, identifier and description.</summary>
public static class ListNas
{
    [Requires("isp.radius.read")]
    public sealed record Command(
        string? Q = null,
        string? Vendor = null,
        string? Group = null,
        bool? Enabled = null,
        int? Limit = null,
        string? Cursor = null,
        bool? Count = null
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/nas", Get).WithName(nameof(ListNas));

    private static async Task<Results<Ok<Page<NasView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<NasView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<NasView>>
    {
        private const string Filter = """
            WHERE (@pattern::text IS NULL
                    OR lower(concat_ws(' ', n.shortname, n.nasname::text, n.nas_identifier, n.description)) LIKE @pattern)
                AND (@vendor::smallint IS NULL OR n.vendor = @vendor)
                AND (@group::text IS NULL OR lower(n.nas_group) = @group)
                AND (@Enabled::boolean IS NULL OR n.enabled = @Enabled)

            """;

        public async Task<Result<Page<NasView>>> Handle(Command command, CancellationToken ct)
        {
            if (command.Vendor is not null && !NasFields.IsWord<NasVendor>(command.Vendor))
            {
                return new Faults().Add("vendor", "unknown", "No such vendor.").Error!;
            }

            var limit = PageSize.Of(command.Limit);
            string? after = null;
            if (command.Cursor is { Length: > 0 })
            {
                if (Cursor.Decode(command.Cursor, 1) is not [{ } name])
                {
                    return Cursor.Malformed;
                }

                after = name;
            }

            var filter = new
            {
                pattern = Input.Contains(command.Q),
                vendor = command.Vendor is null ? (short?)null : (short)NasFields.Read<NasVendor>(command.Vendor),
                group = Input.Clean(command.Group)?.ToLowerInvariant(),
                command.Enabled,
                after,
                take = limit + 1,
            };
            var rows = await work.Connection.QueryAsync<NasView.Row>(
                new CommandDefinition(
                    NasView.Select
                        + Filter
                        + "AND (@after::text IS NULL OR lower(n.shortname) > lower(@after)) ORDER BY lower(n.shortname) LIMIT @take",
                    filter,
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            long? total = command.Count is true
                ? await work.Connection.ExecuteScalarAsync<long>(
                    new CommandDefinition("SELECT count(*) FROM nas n " + Filter, filter, work.Transaction, cancellationToken: ct)
                )
                : null;
            return Page<NasView>.Of([.. rows], limit, r => r.ToView(), r => Cursor.Encode(r.Shortname), total);
        }
    }
}
