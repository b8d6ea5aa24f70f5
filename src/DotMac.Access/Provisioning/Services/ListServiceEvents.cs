using System.Text.Json;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Services;

/// <summary>What happened to a service, the latest first.</summary>
/// <remarks><b>Errors:</b> <c>service.not_found</c> 404, <c>validation.failed</c> 400 (cursor).</remarks>
public static class ListServiceEvents
{
    [Requires("isp.oss.read")]
    public sealed record Command(Guid Id, int? Limit = null, string? Cursor = null);

    /// <param name="Type">provision_requested, provision_started, provision_completed, …</param>
    public sealed record Item(
        Guid Id,
        DateTimeOffset At,
        string Type,
        string? FromStatus,
        string? ToStatus,
        bool Succeeded,
        string? ErrorCode,
        string? Message,
        Guid? RunId,
        string Actor,
        JsonElement? Data
    );

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in GetServiceInstance.Bases)
        {
            app.MapGet(routeBase + "/{id:guid}/events", Get).WithName(GetServiceInstance.Name(nameof(ListServiceEvents), routeBase));
        }
    }

    private static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<Item>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<Item>>
    {
        private const string Select = """
            SELECT id, at, type, from_status, to_status, succeeded, error_code, message, run_id, actor, data::text AS data
            FROM service_events WHERE service_id = @service AND (@before::uuid IS NULL OR id < @before) ORDER BY id DESC LIMIT @take
            """;

        public async Task<Result<Page<Item>>> Handle(Command command, CancellationToken ct)
        {
            if (await ServiceView.FindAsync(work, command.Id, ct) is null)
            {
                return ProvisioningErrors.ServiceNotFound;
            }

            Guid? before = null;
            if (command.Cursor is { Length: > 0 })
            {
                if (Cursor.Decode(command.Cursor, 1) is not [{ } text] || !Guid.TryParse(text, out var id))
                {
                    return Cursor.Malformed;
                }

                before = id;
            }

            var limit = PageSize.Of(command.Limit);
            var rows = await work.Connection.QueryAsync<Row>(
                new CommandDefinition(
                    Select,
                    new
                    {
                        service = command.Id,
                        before,
                        take = limit + 1,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            return Page<Item>.Of([.. rows], limit, r => r.ToItem(), r => Cursor.Encode(r.Id.ToString()));
        }
    }

    private sealed record Row(
        Guid Id,
        DateTimeOffset At,
        short Type,
        short? FromStatus,
        short? ToStatus,
        bool Succeeded,
        string? ErrorCode,
        string? Message,
        Guid? RunId,
        string Actor,
        string? Data
    )
    {
        public Item ToItem() =>
            new(
                Id,
                At,
                Words.Of((ServiceEventType)Type),
                Word(FromStatus),
                Word(ToStatus),
                Succeeded,
                ErrorCode,
                Message,
                RunId,
                Actor,
                Data is null ? null : JsonSerializer.Deserialize<JsonElement>(Data)
            );

        private static string? Word(short? status) => status is { } s ? Words.Of((ServiceStatus)s) : null;
    }
}
