using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Flags;

/// <summary>Sets one flag of one's own tenant; RADIUS follows within a second.</summary>
/// <remarks><b>Errors:</b> <c>flag.not_found</c> 404, <c>validation.failed</c> 400, <c>flag.changed</c> 412.</remarks>
public static class SetFlag
{
    /// <param name="Value">One of the flag's choices.</param>
    public sealed record Body(string? Value = null);

    [Requires("settings.write")]
    public sealed record Command(string Name, Body Body);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPut("/tenant/flags/{name}", Put).WithName(nameof(SetFlag));

    private static async Task<Results<Ok<FlagView>, ProblemHttpResult>> Put(
        string name,
        Body body,
        IHandle<Command, FlagView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(name, body), ct)).ToHttp();

    internal sealed class Handler(PlatformDb db, UnitOfWork work, CurrentCaller caller, TimeProvider clock) : IHandle<Command, FlagView>
    {
        public async Task<Result<FlagView>> Handle(Command command, CancellationToken ct)
        {
            if (FlagKind.Find(command.Name) is not { } kind)
            {
                return FlagErrors.NotFound;
            }

            var value = command.Body.Value?.Trim().ToLowerInvariant();
            if (value is null || !kind.Choices.Contains(value, StringComparer.Ordinal))
            {
                return new Faults().Add("value", "unknown", $"One of {string.Join(", ", kind.Choices)}.").Error!;
            }

            var setting = await db.Flags.SingleOrDefaultAsync(f => f.Name == kind.Name, ct);
            if (setting is null)
            {
                if (value == kind.Choices[0])
                {
                    return FlagView.Of(kind, null);
                }

                setting = new FlagSetting
                {
                    TenantId = work.TenantId!.Value,
                    Name = kind.Name,
                    Value = value,
                    ChangedAt = clock.GetUtcNow(),
                    ChangedBy = caller.Value.Name,
                };
                db.Flags.Add(setting);
            }
            else if (setting.Value != value)
            {
                setting.Value = value;
                setting.ChangedAt = clock.GetUtcNow();
                setting.ChangedBy = caller.Value.Name;
                setting.Version++;
            }

            return await db.TrySaveAsync(ct, FlagErrors.Changed, ("tenant_flags_pkey", FlagErrors.Changed)) is { } error
                ? error
                : FlagView.Of(kind, setting);
        }
    }
}
