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

namespace DotMac.Access.Profiles;

/// <summary>Bandwidth profiles in the order of their names; <c>q</c> looks into name and description.</summary>
public static class ListBandwidthProfiles
{
    [Requires("isp.radius.read")]
    public sealed record Command(string? Q = null, int? Limit = null, string? Cursor = null, bool? Count = null);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/radius/bandwidth-profiles", Get).WithName(nameof(ListBandwidthProfiles));

    private static async Task<Results<Ok<Page<ProfileView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<ProfileView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<ProfileView>>
    {
        private const string Filter = "(@pattern::text IS NULL OR lower(p.name || ' ' || coalesce(p.description, '')) LIKE @pattern)";

        public async Task<Result<Page<ProfileView>>> Handle(Command command, CancellationToken ct)
        {
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

            var pattern = Input.Contains(command.Q);
            var rows = await ProfileView.ReadAsync(
                work,
                "WHERE " + Filter + " AND (@after::text IS NULL OR lower(p.name) > lower(@after)) ORDER BY lower(p.name) LIMIT @take",
                new
                {
                    pattern,
                    after,
                    take = limit + 1,
                },
                ct
            );
            long? total = command.Count is true
                ? await work.Connection.ExecuteScalarAsync<long>(
                    new CommandDefinition(
                        "SELECT count(*) FROM radius_bandwidth_profiles p WHERE " + Filter,
                        new { pattern },
                        work.Transaction,
                        cancellationToken: ct
                    )
                )
                : null;
            return Page<ProfileView>.Of([.. rows], limit, p => p, p => Cursor.Encode(p.Name), total);
        }
    }
}
