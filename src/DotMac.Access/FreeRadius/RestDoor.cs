using System.Net;
using System.Text.Json;
using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Accounting;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Wire;

namespace DotMac.Access.FreeRadius;

/// <summary>
/// What FreeRADIUS asks over HTTP, answered by the policy, the memory and the journal of our own listeners. Stands on nodes with the aaa
/// role. The tenant is the API key's: a FreeRADIUS can neither name nor reach another one.
/// </summary>
internal sealed class RestDoor(
    AaaSnapshot snapshot,
    AccessJudge judge,
    LiveSessions sessions,
    Journal journal,
    DecisionLog decisions,
    NasActivity activity,
    TimeProvider clock
)
{
    private const string UnknownNas = "nas.unknown";

    /// <summary>False until the first load: then nothing can be answered.</summary>
    public bool IsReady => snapshot.IsLoaded;

    /// <summary>The answer to authorize.</summary>
    public Dictionary<string, RestValue> Authorize(Guid tenant, JsonElement body, IPAddress? source)
    {
        var packet = Parsed(RestRequest.ToPacket(body, PacketCode.AccessRequest));
        if (NasOf(tenant, packet, source) is not { } nas)
        {
            return RestReply.Reject(UnknownNas, "This NAS is not registered.");
        }

        var name = NameOf(packet);
        var login = snapshot.Find(tenant, name);
        var shown = Credentials.Of(packet, RestRequest.Secret);
        // A clear password is judged here; of the others FreeRADIUS is the judge, and they are taken as right until then.
        var credentials = shown.Method is AuthMethod.Pap or AuthMethod.None
            ? shown
            : Credentials.OfClearText(login is null ? default : login.Password);
        var verdict = judge.Judge(packet, nas, login, name.Length > 0, credentials);
        if (verdict.Accepted)
        {
            return RestReply.Accept(
                login!,
                LoginRows.Attributes(login!, snapshot.RatesOf(login!), nas.Vendor),
                shown.Method == AuthMethod.None
            );
        }

        // Whoever has not shown the password learns no more from a refusal than with a login that does not exist.
        return RestReply.Reject(verdict.Code, login is not null && shown.Prove(login.Password) ? verdict.Explanation : null);
    }

    /// <summary>Notes what became of it. FreeRADIUS knows whether the password was right; why else it refused is in the request.</summary>
    /// <param name="outcome">Access-Accept, or what else <c>%{reply:Packet-Type}</c> says.</param>
    public void PostAuth(Guid tenant, JsonElement body, IPAddress? source, string? outcome)
    {
        var packet = Parsed(RestRequest.ToPacket(body, PacketCode.AccessRequest));
        var nas = NasOf(tenant, packet, source) ?? Stranger(tenant, source);
        var name = NameOf(packet);
        var login = snapshot.Find(tenant, name);
        var verdict = Verdict.All.FirstOrDefault(v => v.Code == RestRequest.Text(body, RestReply.ReasonAttribute))
            is { Accepted: false } told
            ? told
            : LoginRows.ReasonAfterwards(login, outcome is null or "" or "Access-Accept");
        if (nas.Id != Guid.Empty)
        {
            activity.Saw(nas, verdict.Accepted, signed: true);
        }

        AaaMetrics.Answered(verdict.Code);
        decisions.Note(
            verdict,
            nas,
            login,
            name,
            Credentials.Of(packet, RestRequest.Secret).Method,
            packet,
            login is null ? null : snapshot.RatesOf(login)
        );
    }

    /// <summary>
    /// Notes an answer that FreeRADIUS gave from its tables. The stock query says neither which NAS asked nor how nor why it was refused:
    /// the reason is told from the login as it is now.
    /// </summary>
    public void Note(Guid tenant, string username, bool accepted)
    {
        var name = username.Length > Username.MostChars ? username[..Username.MostChars] : username;
        var login = snapshot.Find(tenant, name);
        var verdict = LoginRows.ReasonAfterwards(login, accepted);
        AaaMetrics.Answered(verdict.Code);
        decisions.Note(verdict, OnlyNasOf(tenant) ?? Stranger(tenant, null), login, name, AuthMethod.None, [], [], default, null);
    }

    /// <summary>The NAS of a tenant that has one alone.</summary>
    public NasEntry? OnlyNasOf(Guid tenant) =>
        snapshot.Nas.All.Where(n => n.TenantId == tenant && n.Enabled).Take(2).ToList() is [var only] ? only : null;

    /// <summary>Puts an Accounting-Request into the journal; completes when it is on disk.</summary>
    /// <returns>False: it is not kept, FreeRADIUS must not acknowledge it. Null: nobody here owns that NAS.</returns>
    public async Task<bool?> AccountAsync(Guid tenant, JsonElement body, IPAddress? source, CancellationToken ct)
    {
        var octets = RestRequest.ToPacket(body, PacketCode.AccountingRequest);
        if (Prepare(tenant, octets, source) is not { } prepared)
        {
            return null;
        }

        return await KeepAsync(prepared.Nas, prepared.Origin, octets, ct);
    }

    /// <summary>The same for a packet that was made of a stored row.</summary>
    public async Task<bool> KeepAsync(NasEntry nas, PacketOrigin origin, byte[] packet, CancellationToken ct)
    {
        var durable = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var accounting = PacketView.TryParse(packet, out var view, out _) ? AccountingRecord.Read(view, origin) : null;
        var queued = journal.TryAppend(
            JournalRecord.Write(origin, packet),
            kept =>
            {
                if (kept)
                {
                    // Before the answer: what the NAS asks next must find the session counted or gone.
                    Follow(nas, accounting);
                }

                durable.TrySetResult(kept);
            }
        );
        return queued && await durable.Task.WaitAsync(ct);
    }

    /// <summary>The tenant's NAS with that address, or null.</summary>
    public NasEntry? NasAt(Guid tenant, IPAddress address, string? identifier = null)
    {
        var sender = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var there = snapshot.Nas.All.Where(n => n.TenantId == tenant && n.Enabled && n.Source.Contains(sender)).ToList();
        if (there.Count == 0)
        {
            return null;
        }

        var nearest = there.Max(n => n.Source.PrefixLength);
        there.RemoveAll(n => n.Source.PrefixLength < nearest);
        return there.Find(n => n.NasIdentifier is not null && n.NasIdentifier == identifier)
            ?? there.Find(n => n.NasIdentifier is null)
            ?? (there is [var only] && identifier is null ? only : null);
    }

    private (NasEntry Nas, PacketOrigin Origin)? Prepare(Guid tenant, byte[] octets, IPAddress? source)
    {
        var packet = Parsed(octets);
        if (NasOf(tenant, packet, source) is not { } nas)
        {
            return null;
        }

        var from =
            source
            ?? (
                packet.TryGetIpv4(AttributeType.NasIpAddress, out IPAddress v4) ? v4
                : packet.TryGetIpv6(AttributeType.NasIpv6Address, out var v6) ? v6
                : nas.Source.BaseAddress
            );
        var subscriber = SessionClass.SubscriberOf(packet, tenant, snapshot);
        return (nas, new PacketOrigin(clock.GetUtcNow(), tenant, nas.Id, subscriber, from));
    }

    /// <summary>
    /// The NAS within the tenant: by the address that the packet came from (FreeRADIUS has checked its secret), then by what the packet
    /// says of itself, which may be another address of the same box.
    /// </summary>
    private NasEntry? NasOf(Guid tenant, PacketView packet, IPAddress? source)
    {
        var identifier = packet.TryGetText(AttributeType.NasIdentifier, out var text) ? text : null;
        return (source is not null ? NasAt(tenant, source, identifier) : null)
            ?? (packet.TryGetIpv4(AttributeType.NasIpAddress, out IPAddress v4) ? NasAt(tenant, v4, identifier) : null)
            ?? (packet.TryGetIpv6(AttributeType.NasIpv6Address, out var v6) ? NasAt(tenant, v6, identifier) : null)
            ?? (
                identifier is null
                    ? null
                    : snapshot.Nas.All.FirstOrDefault(n =>
                        n.TenantId == tenant && n.Enabled && (n.NasIdentifier == identifier || n.Shortname == identifier)
                    )
            );
    }

    /// <summary>What we wrote ourselves can be read.</summary>
    private static PacketView Parsed(ReadOnlySpan<byte> octets) =>
        PacketView.TryParse(octets, out var packet, out var fault)
            ? packet
            : throw new InvalidOperationException($"A packet of our own: {fault}.");

    private static string NameOf(PacketView packet) =>
        packet.TryGetText(AttributeType.UserName, out var name) && name.Length <= Username.MostChars ? name : "";

    private static NasEntry Stranger(Guid tenant, IPAddress? source) =>
        new()
        {
            TenantId = tenant,
            Id = Guid.Empty,
            Shortname = "",
            Source = new IPNetwork(source ?? IPAddress.Any, source is null ? 0 : source.GetAddressBytes().Length * 8),
            Secret = [],
        };

    private void Follow(NasEntry nas, AccountingRecord? accounting)
    {
        activity.SawAccounting(nas);
        if (accounting is { ConcernsNas: true })
        {
            sessions.ForgetNas(nas.Id);
        }
        else if (accounting is not null)
        {
            sessions.Follow(accounting);
        }
    }
}
