using System.Net;
using System.Net.Sockets;
using System.Text;
using DotMac.Contracts.Access;
using DotMac.Kernel.Results;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>One server of an upstream.</summary>
/// <param name="Address">An IP address: a name would make authentication wait for name resolution.</param>
/// <param name="AuthPort">UDP port of Access-Requests; 1812 unless told.</param>
/// <param name="AcctPort">UDP port of Accounting-Requests; 1813 unless told.</param>
public sealed record UpstreamServerFields(string? Address = null, int? AuthPort = null, int? AcctPort = null);

/// <summary>What a caller may say about an upstream.</summary>
/// <param name="Servers">One to eight, in order of preference.</param>
/// <param name="Secret">Shared with all of them, 8 to 128 characters.</param>
/// <param name="Realms">What follows the last @ of a user name; <c>*</c> takes every realm that no other upstream takes.</param>
/// <param name="StripRealm">Send the user name without its realm. Never done with EAP, which carries the name inside as well.</param>
/// <param name="Eap">It takes EAP: of its realms, or all of it when it has none.</param>
/// <param name="ForwardAccounting">Accounting of its realms is sent to it too; it is kept here in any case.</param>
/// <param name="Strategy">failover or balance.</param>
/// <param name="Priority">0 to 1000; of several upstreams for one realm the lowest is asked first. 100 unless told.</param>
/// <param name="ResponseWindowMs">How long a server may take before the next is asked, 100 to 30000; 3000 unless told.</param>
/// <param name="StatusServer">Ask a silent server with Status-Server (RFC 5997) whether it is back; true unless told.</param>
/// <param name="RequireMessageAuthenticator">Take only answers with a Message-Authenticator (CVE-2024-3596); true unless told.</param>
public sealed record UpstreamFields(
    string? Name = null,
    IReadOnlyList<UpstreamServerFields>? Servers = null,
    string? Secret = null,
    IReadOnlyList<string>? Realms = null,
    bool? StripRealm = null,
    bool? Eap = null,
    bool? ForwardAccounting = null,
    string? Strategy = null,
    int? Priority = null,
    int? ResponseWindowMs = null,
    bool? StatusServer = null,
    bool? RequireMessageAuthenticator = null,
    string? Description = null,
    bool? Enabled = null
)
{
    private const int MostServers = 8;
    private const int MostRealms = 200;
    private const int LeastSecret = 8;

    internal UpstreamFields Cleaned() =>
        this with
        {
            Name = Input.Clean(Name),
            Servers = Servers
                ?.Select(s => s ?? new UpstreamServerFields()) // JSON may say null where the type does not
                .Select(s => new UpstreamServerFields(Input.Clean(s.Address), s.AuthPort ?? 1812, s.AcctPort ?? 1813))
                .ToList(),
            Realms = [.. (Realms ?? []).Select(r => (r ?? "").Trim().TrimStart('@').ToLowerInvariant()).Distinct(StringComparer.Ordinal)],
            StripRealm = StripRealm ?? false,
            Eap = Eap ?? false,
            ForwardAccounting = ForwardAccounting ?? false,
            Strategy = Input.Clean(Strategy) ?? "failover",
            Priority = Priority ?? 100,
            ResponseWindowMs = ResponseWindowMs ?? 3000,
            StatusServer = StatusServer ?? true,
            RequireMessageAuthenticator = RequireMessageAuthenticator ?? true,
            Description = Input.Clean(Description),
            Enabled = Enabled ?? true,
        };

    /// <param name="secretNeeded">A new upstream needs a secret; a changed one keeps its own when none is given.</param>
    internal Error? Refusal(bool secretNeeded)
    {
        var faults = new Faults()
            .Text("name", Name, 1, 64)
            .Text("description", Description, 0, 500)
            .Range("priority", Priority, 0, 1000)
            .Range("response_window_ms", ResponseWindowMs, 100, 30_000)
            .Check(Strategy is "failover" or "balance", "strategy", "unknown", "failover or balance.");
        CheckServers(faults);
        CheckRealms(faults);
        if (Secret is not null || secretNeeded)
        {
            faults
                .Check(!string.IsNullOrEmpty(Secret), "secret", "required", "This must be given: it is the secret shared with the servers.")
                .Check(
                    string.IsNullOrEmpty(Secret) || Secret.Length >= LeastSecret,
                    "secret",
                    "too_short",
                    $"At least {LeastSecret} characters."
                )
                .Check(Secret is null || Encoding.UTF8.GetByteCount(Secret) <= 128, "secret", "too_long", "At most 128 octets.")
                .Check(Secret is null || !Secret.Any(char.IsControl), "secret", "bad_character", "Control characters are not allowed.");
        }

        return faults.Error;
    }

    /// <summary>Whether a server is among them that the upstream did not have.</summary>
    internal bool GoesElsewhere(Upstream upstream) =>
        (Servers ?? []).Any(s =>
            IPAddress.TryParse(s.Address, out var address)
            && !upstream.Servers.Contains(new UpstreamServer(address, s.AuthPort!.Value, s.AcctPort!.Value).ToString())
        );

    private void CheckServers(Faults faults)
    {
        faults
            .Check(Servers is { Count: > 0 }, "servers", "required", "Give at least one server.")
            .Check(Servers is null || Servers.Count <= MostServers, "servers", "too_many", $"At most {MostServers} servers.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var server in Servers ?? [])
        {
            if (!IPAddress.TryParse(server.Address, out var address) || !IsHost(address))
            {
                faults.Add("servers", "bad_address", $"{server.Address ?? "(nothing)"} is no IP address of a host.");
                continue;
            }

            faults
                .Range("servers", server.AuthPort, 1, 65535)
                .Range("servers", server.AcctPort, 1, 65535)
                .Check(seen.Add($"{address} {server.AuthPort}"), "servers", "repeated", $"{address} stands there twice.");
        }
    }

    private void CheckRealms(Faults faults)
    {
        faults
            .Check(Realms!.Count <= MostRealms, "realms", "too_many", $"At most {MostRealms} realms.")
            .Check(
                Realms.All(r => r.Length is > 0 and <= 253 && !r.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '@')),
                "realms",
                "bad_format",
                "A realm is what follows the @: 1 to 253 characters without spaces."
            )
            .Check(
                Realms.Count > 0 || Eap == true,
                "realms",
                "required",
                "Without a realm and without EAP nothing would ever be sent there."
            );
    }

    private static bool IsHost(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? address.GetAddressBytes()[0] is > 0 and < 224
            : !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any) && !address.IsIPv4MappedToIPv6;

    /// <summary>Writes checked fields to the entity; the secret is sealed by the caller.</summary>
    internal void ApplyTo(Upstream upstream)
    {
        upstream.Name = Name!;
        upstream.Servers =
        [
            .. Servers!.Select(s => new UpstreamServer(IPAddress.Parse(s.Address!), s.AuthPort!.Value, s.AcctPort!.Value).ToString()),
        ];
        upstream.Realms = [.. Realms!];
        upstream.StripRealm = StripRealm!.Value;
        upstream.Eap = Eap!.Value;
        upstream.ForwardAccounting = ForwardAccounting!.Value;
        upstream.Strategy = Strategy == "balance" ? UpstreamStrategy.Balance : UpstreamStrategy.Failover;
        upstream.Priority = Priority!.Value;
        upstream.ResponseWindowMs = ResponseWindowMs!.Value;
        upstream.StatusServer = StatusServer!.Value;
        upstream.RequireMessageAuthenticator = RequireMessageAuthenticator!.Value;
        upstream.Description = Description;
        upstream.Enabled = Enabled!.Value;
    }
}
