using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Identity;

/// <summary>Changes one's own password; every other session of the account ends.</summary>
/// <remarks><b>Errors:</b> <c>auth.invalid_credentials</c> 401 (the current one is wrong), <c>auth.locked</c> 423, <c>validation.failed</c> 400.</remarks>
public static class ChangePassword
{
    [SignedIn]
    public sealed record Command(string? CurrentPassword, string? NewPassword);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/auth/password", Post).WithName(nameof(ChangePassword));

    private static async Task<Results<NoContent, ProblemHttpResult>> Post(
        Command body,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(body, ct)).ToNoContent();

    internal sealed class Handler(PlatformDb db, OwnAccount account, UserSessions sessions, Passwords passwords, AuditTrail audit)
        : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var proven = await account.ProveAsync("current_password", command.CurrentPassword, ct);
            if (proven.Error is { } refusal)
            {
                return refusal;
            }

            var user = proven.Value;
            var faults = Passwords.Check(new Faults(), "new_password", command.NewPassword, user.Email);
            faults.Check(command.NewPassword != command.CurrentPassword, "new_password", "same", "Not the one you have.");
            if (faults.Error is { } invalid)
            {
                return invalid;
            }

            user.SetPassword(passwords.Hash(command.NewPassword!), mustChange: false);
            await sessions.RevokeOthersAsync(user.Id, "password changed", ct);
            audit.Note("user.password_changed", "user", user.Id.ToString());
            return await db.TrySaveAsync(ct, UserErrors.Changed) is { } conflict ? conflict : Done.Instance;
        }
    }
}
