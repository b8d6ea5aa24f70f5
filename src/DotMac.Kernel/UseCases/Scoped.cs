using System.Diagnostics;
using System.Reflection;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DotMac.Kernel.UseCases;

/// <summary>
/// Stands around every handler: checks the permission, opens the transaction, pins the tenant, runs the handler,
/// commits only on success, writes one log line.
/// </summary>
internal sealed class Scoped<TCommand, TResponse>(IServiceProvider services, UnitOfWork work, CurrentCaller current, ILogger<UseCase> log)
    : IHandle<TCommand, TResponse>
{
    private static readonly string Name = typeof(TCommand).DeclaringType?.Name ?? typeof(TCommand).Name;
    private static readonly string? Permission = typeof(TCommand).GetCustomAttribute<RequiresAttribute>()?.Permission;
    private static readonly bool IsPublic = typeof(TCommand).IsDefined(typeof(PublicAttribute));
    private static readonly bool CrossesTenants = typeof(TCommand).IsDefined(typeof(AcrossTenantsAttribute));

    public async Task<Result<TResponse>> Handle(TCommand command, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        using var activity = KernelTelemetry.Source.StartActivity(Name);
        var result = await RunAsync(command, ct);
        var elapsed = Stopwatch.GetElapsedTime(start);
        var outcome = result.Error?.Code ?? "ok";
        activity?.SetTag("outcome", outcome);
        KernelTelemetry.UseCases.Record(elapsed.TotalSeconds, new("use_case", Name), new("outcome", outcome));
        log.LogInformation(
            "{UseCase} {Outcome} {Milliseconds:0.0} ms tenant {Tenant}",
            Name,
            outcome,
            elapsed.TotalMilliseconds,
            current.Value.TenantId
        );
        return result;
    }

    private async Task<Result<TResponse>> RunAsync(TCommand command, CancellationToken ct)
    {
        if (Refusal() is { } refusal)
        {
            return refusal;
        }

        await work.BeginAsync(
            CrossesTenants ? DatabaseRole.Platform : DatabaseRole.App,
            CrossesTenants ? null : current.Value.TenantId,
            ct
        );
        var replay = Replay<TCommand, TResponse>.For(services, current, command);
        if (replay is not null && await replay.StoredAsync(work, ct) is { } stored)
        {
            return stored;
        }

        // Resolved only now: the handler's DbContext joins the transaction that has just been opened.
        var handler = services.GetRequiredKeyedService<IHandle<TCommand, TResponse>>(UseCase.Inner);
        var result = await handler.Handle(command, ct);
        if (result.Error is null || work.KeepsOnRefusal)
        {
            if (replay is not null && result.Error is null)
            {
                await replay.StoreAsync(work, result.Value, ct);
            }

            await work.CommitAsync(ct);
        }

        return result;
    }

    private Error? Refusal()
    {
        if (IsPublic)
        {
            return null;
        }

        if (current.Value.Kind == CallerKind.Anonymous)
        {
            return Error.SignInRequired;
        }

        return Permission is null || current.Value.May(Permission) ? null : Error.PermissionMissing(Permission);
    }
}
