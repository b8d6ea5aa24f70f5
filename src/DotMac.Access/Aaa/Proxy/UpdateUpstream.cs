using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>Changes the given fields of an upstream; the RADIUS server follows within a second.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>upstream.not_found</c> 404, <c>upstream.name_taken</c> 409, <c>upstream.changed</c> 412.
/// </remarks>
public static class UpdateUpstream
{
    /// <summary>
    /// Absent keeps, null clears (or sets back to the default). A null secret is refused. A server that was not there before needs the secret
    /// again: whoever may change addresses does not learn by it what another machine is trusted with.
    /// </summary>
    public sealed record Body(
        Optional<string> Name,
        Optional<IReadOnlyList<UpstreamServerFields>> Servers,
        Optional<string> Secret,
        Optional<IReadOnlyList<string>> Realms,
        Optional<bool?> StripRealm,
        Optional<bool?> Eap,
        Optional<bool?> ForwardAccounting,
        Optional<string> Strategy,
        Optional<int?> Priority,
        Optional<int?> ResponseWindowMs,
        Optional<bool?> StatusServer,
        Optional<bool?> RequireMessageAuthenticator,
        Optional<string> Description,
        Optional<bool?> Enabled
    );

    [Requires("isp.radius.write")]
    public sealed record Command(Guid Id, Body Change, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPatch("/radius/upstreams/{id:guid}", Patch).WithName(nameof(UpdateUpstream));

    private static async Task<Results<Ok<UpstreamView>, ProblemHttpResult>> Patch(
        Guid id,
        Body body,
        IHandle<Command, UpstreamView> handler,
        HttpContext http,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body, Problems.IfMatch(http.Request)), ct)).ToHttp(http.Response, u => u.Version);

    internal sealed class Handler(AccessDb db, UnitOfWork work, SecretBox box, TimeProvider clock) : IHandle<Command, UpstreamView>
    {
        public async Task<Result<UpstreamView>> Handle(Command command, CancellationToken ct)
        {
            var upstream = await db.Upstreams.SingleOrDefaultAsync(u => u.Id == command.Id, ct);
            if (upstream is null)
            {
                return UpstreamErrors.NotFound;
            }

            if (command.IfMatch is { } version && version != upstream.Version)
            {
                return UpstreamErrors.Changed;
            }

            var fields = Merge(upstream, command.Change).Cleaned();
            if (fields.Refusal(secretNeeded: command.Change.Secret.IsSet || fields.GoesElsewhere(upstream)) is { } refusal)
            {
                return refusal;
            }

            fields.ApplyTo(upstream);
            if (fields.Secret is not null && fields.Secret != box.Open(SecretPurpose.UpstreamSecret, upstream.Secret))
            {
                upstream.Secret = box.Seal(SecretPurpose.UpstreamSecret, fields.Secret);
            }

            if (db.ChangeTracker.HasChanges())
            {
                upstream.UpdatedAt = clock.GetUtcNow();
                upstream.Version++;
                var taken = ("radius_upstreams_name_key", UpstreamErrors.NameTaken(upstream.Name));
                if (await db.TrySaveAsync(ct, UpstreamErrors.Changed, taken) is { } error)
                {
                    return error;
                }
            }

            return (await UpstreamView.FindAsync(work, upstream.Id, ct))!;
        }

        private static UpstreamFields Merge(Upstream now, Body change) =>
            new(
                change.Name.Or(now.Name),
                change.Servers.Or([
                    .. now
                        .Servers.Select(UpstreamServer.Parse)
                        .OfType<UpstreamServer>()
                        .Select(s => new UpstreamServerFields(s.Address.ToString(), s.AuthPort, s.AcctPort)),
                ]),
                change.Secret.Or(null),
                change.Realms.Or(now.Realms),
                change.StripRealm.Or(now.StripRealm),
                change.Eap.Or(now.Eap),
                change.ForwardAccounting.Or(now.ForwardAccounting),
                change.Strategy.Or(now.Strategy.ToString().ToLowerInvariant()),
                change.Priority.Or(now.Priority),
                change.ResponseWindowMs.Or(now.ResponseWindowMs),
                change.StatusServer.Or(now.StatusServer),
                change.RequireMessageAuthenticator.Or(now.RequireMessageAuthenticator),
                change.Description.Or(now.Description),
                change.Enabled.Or(now.Enabled)
            );
    }
}
