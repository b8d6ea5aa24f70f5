using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Identity;

/// <summary>Turns two-step sign-in on, once the app has shown a right code; answers ten recovery codes, shown this once.</summary>
/// <remarks><b>Errors:</b> <c>auth.totp_invalid</c> 401, <c>auth.totp_not_set_up</c> 409, <c>auth.totp_already_on</c> 409, <c>rate.limited</c> 429.</remarks>
public static class ConfirmTotp
{
    [SignedIn]
    public sealed record Command(string? Code);

    public sealed record Response(IReadOnlyList<string> RecoveryCodes);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/auth/totp/confirm", Post).WithName(nameof(ConfirmTotp));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Post(
        Command body,
        IHandle<Command, Response> handler,
        CurrentCaller current,
        AttemptLimits limits,
        CancellationToken ct
    )
    {
        if (limits.Login(current.Value.Ip, current.Value.Name) is { } tooMany)
        {
            return Problems.ToProblem(tooMany);
        }

        return (await handler.Handle(body, ct)).ToHttp();
    }

    internal sealed class Handler(
        PlatformDb db,
        OwnAccount account,
        SecondFactor second,
        RecoveryCodes codes,
        UserSessions sessions,
        AuditTrail audit
    ) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (new Faults().Text("code", command.Code, 1, 20).Error is { } invalid)
            {
                return invalid;
            }

            var found = await account.GetAsync(ct);
            if (found.Error is { } refusal)
            {
                return refusal;
            }

            var user = found.Value;
            if (user.TotpEnabled)
            {
                return AuthErrors.TotpAlreadyOn;
            }

            if (user.TotpSecret is null)
            {
                return AuthErrors.TotpNotSetUp;
            }

            if (!second.Accepts(user, command.Code!))
            {
                return AuthErrors.TotpInvalid;
            }

            user.EnableTotp();
            var recovery = await codes.RenewAsync(user, ct);
            await sessions.RevokeOthersAsync(user.Id, "two-step sign-in turned on", ct);
            audit.Note("user.totp_enabled", "user", user.Id.ToString());
            return await db.TrySaveAsync(ct, UserErrors.Changed) is { } conflict ? conflict : new Response(recovery);
        }
    }
}
