using System.Text.Json;
using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Network.Systems;

/// <summary>
/// Chooses the driver of a role and sets it up. What was given is merged into what is there (RFC 7396); another driver starts with nothing.
/// The driver tries its settings before they are kept.
/// </summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>oss.service_unknown</c> 404, <c>oss.check_failed</c> 422 (nothing is changed).
/// </remarks>
public static class ChangeSystem
{
    /// <param name="Driver">Absent keeps.</param>
    /// <param name="Settings">A value sets, null clears, absent keeps.</param>
    /// <param name="Credentials">Likewise; kept sealed, never shown again.</param>
    public sealed record Body(
        string? Driver = null,
        IReadOnlyDictionary<string, string?>? Settings = null,
        IReadOnlyDictionary<string, string?>? Credentials = null
    );

    [Requires("isp.oss.configure")]
    public sealed record Command(string Service, Body Change);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPatch("/tenant/oss/{service}", Patch).WithName(nameof(ChangeSystem));

    private static async Task<Results<Ok<SystemView>, ProblemHttpResult>> Patch(
        string service,
        Body body,
        IHandle<Command, SystemView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(service, body), ct)).ToHttp();

    internal sealed class Handler(
        UnitOfWork work,
        SecretBox box,
        IEnumerable<DriverKind> kinds,
        IServiceProvider services,
        CurrentCaller caller,
        AuditTrail audit,
        TimeProvider clock
    ) : IHandle<Command, SystemView>
    {
        private const string Keep = """
            INSERT INTO driver_choices (tenant_id, service, driver, settings, credentials, checked_at, updated_at, updated_by)
            VALUES (@TenantId, @Service, @driver, @settings::jsonb, @credentials, @checkedAt, @now, @by)
            ON CONFLICT (tenant_id, service) DO UPDATE SET driver = excluded.driver, settings = excluded.settings,
                credentials = excluded.credentials, checked_at = excluded.checked_at, updated_at = excluded.updated_at, updated_by = excluded.updated_by
            """;

        public async Task<Result<SystemView>> Handle(Command command, CancellationToken ct)
        {
            var ofService = kinds.Where(k => k.Service == command.Service).ToList();
            if (ofService.Count == 0)
            {
                return SystemView.Unknown;
            }

            var before = await DriverChoice.ReadAsync(work, box, command.Service, ct);
            var name = command.Change.Driver ?? before?.Driver ?? ofService.Single(k => k.IsDefault).Name;
            var kind = ofService.Find(k => k.Name == name);
            if (kind is null)
            {
                var known = string.Join(", ", ofService.Select(k => k.Name));
                return new Faults().Add("driver", "unknown", $"One of {known}.").Error!;
            }

            var start = before?.Driver == name ? before.Configuration : DriverConfiguration.Empty;
            if (KeptForElsewhere(start, command.Change) is { } kept)
            {
                return kept;
            }

            var proposed = new DriverConfiguration(
                Merge(start.Settings, command.Change.Settings),
                Merge(start.Credentials, command.Change.Credentials)
            );
            if (Refusal(kind, proposed) is { } refusal)
            {
                return refusal;
            }

            var check = services.GetRequiredKeyedService(kind.Role, kind.Name) as IDriverCheck;
            if (check is not null && await work.OutsideAsync(() => check.CheckAsync(proposed, ct), ct) is { } problem)
            {
                return Error.Invalid("oss.check_failed", problem);
            }

            await KeepAsync(command.Service, name, proposed, check is not null, ct);
            audit.Note(
                "network_system.changed",
                "network_system",
                command.Service,
                Shown(before?.Driver, before?.Configuration),
                Shown(name, proposed)
            );
            return (await SystemView.ReadAsync(work, box, kinds, command.Service, ct))!;
        }

        /// <summary>A secret that is kept goes to no other address than it was given for: when settings change, it is given again.</summary>
        private static Error? KeptForElsewhere(DriverConfiguration start, Body change)
        {
            var moves = change.Settings?.Any(s => start.Settings.GetValueOrDefault(s.Key) != s.Value?.Trim()) == true;
            var faults = new Faults();
            foreach (var name in start.Credentials.Keys.Where(k => moves && change.Credentials?.ContainsKey(k) != true))
            {
                faults.Add("credentials." + name, "required", "The settings change: give it again.");
            }

            return faults.Error;
        }

        private Task<int> KeepAsync(string service, string driver, DriverConfiguration proposed, bool isChecked, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            return work.Connection.ExecuteAsync(
                new CommandDefinition(
                    Keep,
                    new
                    {
                        work.TenantId,
                        service,
                        driver,
                        settings = JsonSerializer.Serialize(proposed.Settings),
                        credentials = proposed.Credentials.Count == 0
                            ? null
                            : box.Seal(SecretPurpose.DriverCredentials, JsonSerializer.Serialize(proposed.Credentials)),
                        checkedAt = isChecked ? now : (DateTimeOffset?)null,
                        now,
                        by = caller.Value.Name,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
        }

        private static Error? Refusal(DriverKind kind, DriverConfiguration proposed)
        {
            var faults = new Faults();
            foreach (
                var (field, given, isSecret) in new[]
                {
                    ("settings", proposed.Settings, false),
                    ("credentials", proposed.Credentials, true),
                }
            )
            {
                foreach (var (key, value) in given)
                {
                    faults.Check(
                        kind.Settings.Any(s => s.Name == key && s.IsSecret == isSecret),
                        $"{field}.{key}",
                        "unknown",
                        $"The driver {kind.Name} knows no such setting."
                    );
                    faults.Check(value.Length <= 4096, $"{field}.{key}", "too_long", "At most 4096 characters.");
                }

                foreach (var wanted in kind.Settings.Where(s => s.IsRequired && s.IsSecret == isSecret && !given.ContainsKey(s.Name)))
                {
                    faults.Add($"{field}.{wanted.Name}", "required", $"The driver {kind.Name} needs it: {wanted.Label}.");
                }
            }

            return faults.Error;
        }

        private static Dictionary<string, string> Merge(
            IReadOnlyDictionary<string, string> now,
            IReadOnlyDictionary<string, string?>? change
        )
        {
            var merged = new Dictionary<string, string>(now, StringComparer.Ordinal);
            foreach (var (key, value) in change ?? new Dictionary<string, string?>(StringComparer.Ordinal))
            {
                if (string.IsNullOrWhiteSpace(value))
                {
                    merged.Remove(key);
                }
                else
                {
                    merged[key] = value.Trim();
                }
            }

            return merged;
        }

        private static string? Shown(string? driver, DriverConfiguration? configuration) =>
            driver is null
                ? null
                : JsonSerializer.Serialize(
                    new
                    {
                        driver,
                        settings = configuration!.Settings,
                        credentials = configuration.Credentials.Keys.ToDictionary(k => k, _ => "(secret)", StringComparer.Ordinal),
                    }
                );
    }
}
