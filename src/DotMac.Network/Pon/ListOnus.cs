using Dapper;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Pon;

/// <summary>ONUs by serial number, unless sorted; <c>q</c> looks into serial and label.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class ListOnus
{
    /// <param name="Sort">serial, observed_at or rx_power_dbm; with - before it from the end. What was never measured comes last.</param>
    [Requires("isp.network.pon.read")]
    public sealed record Command(
        string? Q = null,
        [property: FromQuery(Name = "olt_id")] Guid? OltId = null,
        short? Port = null,
        string? Admin = null,
        string? Oper = null,
        [property: FromQuery(Name = "owner_id")] Guid? OwnerId = null,
        int? Limit = null,
        string? Cursor = null,
        bool? Count = null,
        string? Sort = null
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/pon/onus", Get).WithName(nameof(ListOnus));

    private static async Task<Results<Ok<Page<OnuView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<OnuView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<OnuView>>
    {
        private static readonly Listing Listing = new(
            OnuView.Select,
            "u.serial",
            "serial",
            new("serial", "u.serial", SortType.Text),
            new("observed_at", "u.observed_at", SortType.Time, Sparse: true),
            new("rx_power_dbm", "u.rx_power_dbm", SortType.Real, Sparse: true)
        )
        {
            IdType = SortType.Text,
            ChosenFrom = "FROM pon_onus u ",
        };

        private const string Filter = """
            (@q::text IS NULL OR strpos(upper(u.serial || ' ' || coalesce(u.label, '')), upper(@q)) > 0)
            AND (@OltId::uuid IS NULL OR u.olt_id = @OltId) AND (@Port::smallint IS NULL OR u.port = @Port)
            AND (@admin::smallint IS NULL OR u.admin = @admin) AND (@oper::smallint IS NULL OR u.oper = @oper)
            AND (@OwnerId::uuid IS NULL OR u.owner_id = @OwnerId)
            """;

        public async Task<Result<Page<OnuView>>> Handle(Command command, CancellationToken ct)
        {
            var faults = new Faults()
                .Check(
                    command.Admin is null || Words.Read<OnuAdmin>(command.Admin) is not null,
                    "admin",
                    "unknown",
                    $"One of {Words.All<OnuAdmin>()}."
                )
                .Check(
                    command.Oper is null || Words.Read<OnuOper>(command.Oper) is not null,
                    "oper",
                    "unknown",
                    $"One of {Words.All<OnuOper>()}."
                );
            if (Listing.Check(faults, command.Sort).Error is { } error)
            {
                return error;
            }

            var values = new
            {
                q = string.IsNullOrWhiteSpace(command.Q) ? null : command.Q.Trim(),
                command.OltId,
                command.Port,
                admin = (short?)Words.Read<OnuAdmin>(command.Admin),
                oper = (short?)Words.Read<OnuOper>(command.Oper),
                command.OwnerId,
            };
            return await Listing.ReadAsync<OnuView>(
                work,
                "WHERE " + Filter,
                new DynamicParameters(values),
                new Asked(command.Sort, command.Limit, command.Cursor, command.Count),
                ct
            );
        }
    }
}
