using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Subscribers;

/// <summary>Shows a subscriber's password and says so in the audit trail.</summary>
/// <remarks><b>Errors:</b> <c>subscriber.not_found</c> 404. <b>Effects:</b> audit entry <c>subscriber.password_revealed</c>.</remarks>
public static class RevealSubscriberPassword
{
    [Requires("isp.radius.write")]
    public sealed record Command(string Key);

    public sealed record Response(string Password);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapPost(routeBase + "/{key}/reveal-password", Post)
                .WithName(SubscriberKey.Name(nameof(RevealSubscriberPassword), routeBase));
        }
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Post(
        string key,
        IHandle<Command, Response> handler,
        HttpResponse response,
        CancellationToken ct
    )
    {
        response.Headers.CacheControl = "no-store";
        return (await handler.Handle(new Command(key), ct)).ToHttp();
    }

    internal sealed class Handler(AccessDb db, UnitOfWork work, SecretBox box, AuditTrail audit) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var subscriber = await LoadedSubscriber.OfAsync(db, work, command.Key, ct);
            if (subscriber is null)
            {
                return AccessErrors.SubscriberNotFound;
            }

            audit.Note("subscriber.password_revealed", "subscriber", subscriber.Id.ToString());
            return new Response(box.Open(SecretPurpose.SubscriberPassword, subscriber.Password));
        }
    }
}
