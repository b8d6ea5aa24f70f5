using System.Text.Json;
using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.OutgoingHttp;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Coa;

/// <summary>Chooses what carries the tenant's Disconnect- and CoA-Requests. An HTTP proxy is tried first, and kept only when it answers.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400; <c>coa.proxy_failed</c> 422 (the proxy did not answer the test as it should; nothing was changed).
/// <b>Effects:</b> up to 8 s of waiting for the proxy.
/// </remarks>
public static class SetCoaSettings
{
    /// <param name="Transport">direct (the platform's own packets), radclient (FreeRADIUS's tool, installed beside the platform) or http.</param>
    /// <param name="ProxyUrl">Of the HTTP proxy; with http it must be given once.</param>
    /// <param name="ProxyToken">Its bearer token, 8 to 1000 visible characters; left out it stays, but for a new address it must be given again.</param>
    public sealed record Body(string? Transport = null, string? ProxyUrl = null, string? ProxyToken = null);

    [Requires("isp.radius.write")]
    public sealed record Command(Body Asked);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPut("/radius/coa/settings", Put).WithName(nameof(SetCoaSettings));

    private static async Task<Results<Ok<CoaSettingsView>, ProblemHttpResult>> Put(
        Body body,
        IHandle<Command, CoaSettingsView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit, SecretBox box, CoaProxy proxy, TimeProvider clock)
        : IHandle<Command, CoaSettingsView>
    {
        private const string Set = """
            INSERT INTO coa_settings (tenant_id, transport, proxy_url, proxy_token, tested_at, changed_at)
            VALUES (@TenantId, @Transport, @ProxyUrl, @ProxyToken, @TestedAt, @now)
            ON CONFLICT (tenant_id) DO UPDATE SET transport = excluded.transport, proxy_url = excluded.proxy_url,
                proxy_token = excluded.proxy_token, tested_at = excluded.tested_at, changed_at = excluded.changed_at
            """;

        public async Task<Result<CoaSettingsView>> Handle(Command command, CancellationToken ct)
        {
            var asked = command.Asked;
            var before = await CoaSettingsView.ReadAsync(work, ct);
            if (Refusal(asked, before) is { } refusal)
            {
                return refusal;
            }

            var transport = Words.Read<CoaTransport>(asked.Transport)!.Value;
            var after = before with
            {
                Transport = (short)transport,
                ProxyUrl = asked.ProxyUrl ?? before.ProxyUrl,
                ProxyToken = asked.ProxyToken is { } token ? box.Seal(SecretPurpose.CoaProxyToken, token) : before.ProxyToken,
            };
            if (transport == CoaTransport.Http)
            {
                var tenant = work.TenantId!.Value;
                var clear = box.Open(SecretPurpose.CoaProxyToken, after.ProxyToken!);
                var failure = await work.OutsideAsync(() => proxy.TestAsync(tenant, new Uri(after.ProxyUrl!), clear, ct), ct);
                if (failure is not null)
                {
                    return failure;
                }

                after = after with { TestedAt = clock.GetUtcNow() };
            }

            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    Set,
                    new
                    {
                        work.TenantId,
                        after.Transport,
                        after.ProxyUrl,
                        after.ProxyToken,
                        after.TestedAt,
                        now = clock.GetUtcNow(),
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            audit.Note(
                "coa_settings.set",
                "coa_settings",
                work.TenantId!.Value.ToString(),
                Told(before),
                Told(after, tokenChanged: asked.ProxyToken is not null)
            );
            return after.ToView();
        }

        private static Error? Refusal(Body asked, CoaSettingsView.Row before)
        {
            var isHttp = Words.Read<CoaTransport>(asked.Transport) == CoaTransport.Http;
            var moves = asked.ProxyUrl is not null && asked.ProxyUrl != before.ProxyUrl;
            var faults = new Faults().Check(
                Words.Read<CoaTransport>(asked.Transport) is not null,
                "transport",
                "unknown",
                $"One of {Words.All<CoaTransport>()}."
            );
            if (asked.ProxyUrl is not null && OutgoingGuard.FaultOf(asked.ProxyUrl) is { } wrong)
            {
                faults.Add("proxy_url", "bad_format", wrong);
            }

            return faults
                .Check(!isHttp || (asked.ProxyUrl ?? before.ProxyUrl) is not null, "proxy_url", "required", "Where the proxy is.")
                .Check(
                    asked.ProxyToken is not null || (!moves && (!isHttp || before.ProxyToken is not null)),
                    "proxy_token",
                    "required",
                    "The token must be given for a new address: it is not shown to another server unasked."
                )
                .Check(asked.ProxyToken is null or { Length: >= 8 and <= 1000 }, "proxy_token", "bad_length", "8 to 1000 characters.")
                .Check(
                    asked.ProxyToken is null || asked.ProxyToken.All(c => c is > ' ' and < '\x7f'),
                    "proxy_token",
                    "bad_character",
                    "Visible ASCII characters, no spaces."
                )
                .Error;
        }

        private static string Told(CoaSettingsView.Row row, bool tokenChanged = false) =>
            JsonSerializer.Serialize(
                new
                {
                    transport = Words.Of((CoaTransport)row.Transport),
                    proxy_url = row.ProxyUrl,
                    proxy_token_changed = tokenChanged,
                }
            );
    }
}
