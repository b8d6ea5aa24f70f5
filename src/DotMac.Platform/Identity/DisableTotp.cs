using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Identity;

/// <summary>Turns one's own two-step sign-in off; asks for the password.</summary>
/// <remarks><b>Errors:</b> <c>auth.invalid_credentials</c> 401, <c>auth.totp_not_on</c> 409, <c>auth.locked</c> 423.</remarks>
public static class DisableTotp
{
    [SignedIn]
    public sealed record Command(string? Password);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/auth/totp/disable", Post).WithName(nameof(DisableTotp));

    private static async Task<Results<NoContent, ProblemHttpResult>> Post(
        Command body,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(body, ct)).ToNoContent();

    internal sealed class Handler(PlatformDb db, OwnAccount account, RecoveryCodes codes, AuditTrail audit) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var proven = await account.ProveAsync("password", command.Password, ct);
            if (proven.Error is { } refusal)
            {
                return refusal;
            }

            var user = proven.Value;
            if (!user.TotpEnabled)
            {
                return AuthErrors.TotpNotOn;
            }

            user.DropTotp();
            await codes.ClearAsync(user, ct);
            audit.Note("user.totp_disabled", "user", user.Id.ToString());
            return await db.TrySaveAsync(ct, UserErrors.Changed) is { } conflict ? conflict : Done.Instance;
        }
    }
}
