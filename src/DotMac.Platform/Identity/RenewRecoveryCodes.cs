using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Identity;

/// <summary>Makes ten new recovery codes in place of the old ones; asks for the password.</summary>
/// <remarks><b>Errors:</b> <c>auth.invalid_credentials</c> 401, <c>auth.totp_not_on</c> 409, <c>auth.locked</c> 423.</remarks>
public static class RenewRecoveryCodes
{
    [SignedIn]
    public sealed record Command(string? Password);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/auth/totp/recovery-codes", Post).WithName(nameof(RenewRecoveryCodes));

    private static async Task<Results<Ok<ConfirmTotp.Response>, ProblemHttpResult>> Post(
        Command body,
        IHandle<Command, ConfirmTotp.Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(body, ct)).ToHttp();

    internal sealed class Handler(PlatformDb db, OwnAccount account, RecoveryCodes codes, AuditTrail audit)
        : IHandle<Command, ConfirmTotp.Response>
    {
        public async Task<Result<ConfirmTotp.Response>> Handle(Command command, CancellationToken ct)
        {
            var proven = await account.ProveAsync("password", command.Password, ct);
            if (proven.Error is { } refusal)
            {
                return refusal;
            }

            if (!proven.Value.TotpEnabled)
            {
                return AuthErrors.TotpNotOn;
            }

            var recovery = await codes.RenewAsync(proven.Value, ct);
            audit.Note("user.recovery_codes_renewed", "user", proven.Value.Id.ToString());
            return await db.TrySaveAsync(ct, UserErrors.Changed) is { } conflict ? conflict : new ConfirmTotp.Response(recovery);
        }
    }
}
