using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>Adds an upstream; requests for it are passed on within a second.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>upstream.name_taken</c> 409.</remarks>
public static class CreateUpstream
{
    [Requires("isp.radius.write")]
    public sealed record Command(UpstreamFields Fields);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/radius/upstreams", Post).WithName(nameof(CreateUpstream));

    private static async Task<Results<Created<UpstreamView>, ProblemHttpResult>> Post(
        UpstreamFields body,
        IHandle<Command, UpstreamView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(u => $"/api/v1/radius/upstreams/{u.Id}");

    internal sealed class Handler(AccessDb db, UnitOfWork work, SecretBox box, TimeProvider clock) : IHandle<Command, UpstreamView>
    {
        public async Task<Result<UpstreamView>> Handle(Command command, CancellationToken ct)
        {
            var fields = command.Fields.Cleaned();
            if (fields.Refusal(secretNeeded: true) is { } refusal)
            {
                return refusal;
            }

            var upstream = new Upstream
            {
                TenantId = work.TenantId!.Value,
                Id = Guid.CreateVersion7(),
                Name = "",
                Servers = [],
                Secret = box.Seal(SecretPurpose.UpstreamSecret, fields.Secret!),
                Realms = [],
                StripRealm = false,
                Eap = false,
                ForwardAccounting = false,
                Strategy = default,
                Priority = 0,
                ResponseWindowMs = 0,
                StatusServer = true,
                RequireMessageAuthenticator = true,
                Enabled = true,
                CreatedAt = clock.GetUtcNow(),
                UpdatedAt = clock.GetUtcNow(),
            };
            fields.ApplyTo(upstream);
            db.Upstreams.Add(upstream);
            return await db.TrySaveAsync(ct, null, ("radius_upstreams_name_key", UpstreamErrors.NameTaken(upstream.Name))) is { } error
                ? error
                : (await UpstreamView.FindAsync(work, upstream.Id, ct))!;
        }
    }
}
