using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Identity;

/// <summary>Makes an API key; the key itself is answered this once.</summary>
/// <remarks><b>Errors:</b> <c>api_key.taken</c> 409, <c>permission.not_yours</c> 403. The key keeps its permissions when its maker loses his.</remarks>
public static class CreateApiKey
{
    [Requires("api_keys.write")]
    public sealed record Command(string? Name, IReadOnlyList<string>? Permissions, DateTimeOffset? ExpiresAt);

    public sealed record Response(
        Guid Id,
        string Name,
        string Prefix,
        IReadOnlyList<string> Permissions,
        string CreatedBy,
        DateTimeOffset? ExpiresAt,
        DateTimeOffset? LastUsedAt,
        DateTimeOffset CreatedAt,
        string Key
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/api-keys", Post).WithName(nameof(CreateApiKey));

    private static async Task<Results<Created<Response>, ProblemHttpResult>> Post(
        Command body,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(body, ct)).ToCreated(k => $"/api/v1/api-keys/{k.Id}");

    internal sealed class Handler(PlatformDb db, UnitOfWork work, Grants grants, CurrentCaller current, TimeProvider clock)
        : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            var permissions = command.Permissions ?? [];
            var faults = new Faults()
                .Text("name", command.Name, 1, 64)
                .Check(permissions.Count > 0, "permissions", "required", "At least one.")
                .Check(command.ExpiresAt is null || command.ExpiresAt > now, "expires_at", "in_the_past", "It lies in the past.");
            if (CreateRole.CheckPermissions(faults, permissions).Error is { } invalid)
            {
                return invalid;
            }

            if (grants.RefuseGranting(permissions) is { } refusal)
            {
                return refusal;
            }

            var (key, prefix) = Tokens.NewApiKey();
            var made = new ApiKey
            {
                TenantId = work.TenantId!.Value,
                Id = Guid.CreateVersion7(now),
                Name = command.Name!.Trim(),
                Prefix = prefix,
                Hash = Tokens.Hash(key),
                Permissions = [.. permissions.Order(StringComparer.Ordinal)],
                CreatedBy = current.Value.Name,
                CreatedAt = now,
                ExpiresAt = command.ExpiresAt?.ToUniversalTime(),
            };
            db.ApiKeys.Add(made);
            if (await db.TrySaveAsync(ct, conflicts: ("api_keys_name_key", ApiKeyErrors.Taken)) is { } conflict)
            {
                return conflict;
            }

            return new Response(made.Id, made.Name, prefix, made.Permissions, made.CreatedBy, made.ExpiresAt, null, made.CreatedAt, key);
        }
    }
}
