using System.Diagnostics;
using System.Text;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Server;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>
/// Access-Requests that others decide: EAP, and users of realms that are not ours. When the user is a login of ours after all (the upstream
/// proves who it is, we say what its line gets), a disabled login or one with too many sessions is refused although the upstream
/// accepted, and the login's own line attributes take the place of the upstream's of the same type.
/// </summary>
internal sealed class ProxiedAccess(
    AaaSnapshot snapshot,
    AccessJudge judge,
    DecisionLog decisions,
    NasActivity activity,
    DuplicateCache duplicates,
    UpstreamProxy proxy,
    RejectGate gate,
    DelayedReplies delayed
) : IProxyCaller
{
    /// <summary>A retransmission of what waits for an upstream goes there again.</summary>
    public bool Repeat(in RemotePeer from, PacketView packet) => proxy.Repeat(from, packet);

    /// <summary>
    /// Whether the request is passed on. True: it is dealt with, and <paramref name="length"/> octets of <paramref name="reply"/> are the answer
    /// now, or 0 that comes later (or never). Asked of EAP, and of names that no login of the tenant has.
    /// </summary>
    public bool TryForward(
        IReplyPath path,
        PacketView packet,
        NasEntry nas,
        in RemotePeer from,
        ReadOnlySpan<char> username,
        AuthMethod method,
        bool signed,
        long arrivedAt,
        Span<byte> reply,
        out int length
    )
    {
        length = 0;
        var route = snapshot.Upstreams.Route(nas.TenantId, username, method == AuthMethod.Eap);
        if (route.Length == 0)
        {
            return false;
        }

        if (proxy.IsLoop(packet))
        {
            AaaMetrics.Drop("auth", "proxy_loop");
            activity.Dropped(nas, "auth", "proxy_loop");
            return true;
        }

        var request = new ProxiedRequest(this, packet.Bytes.ToArray(), nas, from, route)
        {
            Path = path,
            Method = method,
            IsSigned = signed,
            ArrivedAt = arrivedAt,
            Spread = UpstreamProxy.SpreadOf(nas, packet),
            Conversation = Conversations.Of(packet),
        };
        if (proxy.Forward(request) is not { } refusal)
        {
            return true;
        }

        if (refusal == ProxiedVerdict.Overload)
        {
            // Silence: the NAS sends it again, and that is as much load as can be borne.
            duplicates.Forget(from, packet.Code, packet.Identifier, packet.Authenticator);
            AaaMetrics.Drop("auth", "proxy_overload");
            activity.Dropped(nas, "auth", "proxy_overload");
            return true;
        }

        length = HopReply.WriteReject(reply, default, packet, nas.Secret);
        duplicates.Complete(from, packet, reply[..length]);
        Note(request, packet, null, username, refusal);
        return true;
    }

    public void Answered(ProxiedRequest request, Hop hop, PacketView answer)
    {
        var packet = request.Packet;
        Span<char> asked = stackalloc char[Username.MostChars];
        var askedName = asked[..NameOf(packet, asked)];
        Login? login = null;
        Verdict? verdict = null;
        if (answer.Code != PacketCode.AccessChallenge)
        {
            Span<char> proven = stackalloc char[Username.MostChars];
            var provenName = proven[..NameOf(answer, proven)];
            login = LoginOf(request, hop.Upstream, askedName, provenName);
            verdict = answer.Code == PacketCode.AccessReject ? ProxiedVerdict.Rejected : Judge(login, request.Nas, packet);
        }

        Span<byte> reply = stackalloc byte[PacketView.MaxLength];
        int length;
        if (verdict is { Accepted: false } && answer.Code == PacketCode.AccessAccept)
        {
            length = HopReply.WriteReject(reply, answer, packet, request.Nas.Secret);
        }
        else
        {
            Span<byte> line = stackalloc byte[PacketView.MaxLength];
            var own = answer.Code == PacketCode.AccessAccept && login is not null ? OwnOf(login, request.Nas, line) : default;
            length = HopReply.Write(reply, answer.Code, answer, packet, request.Nas.Secret, hop.Upstream.Secret, hop.Authenticator, own);
        }

        End(request, packet, reply[..length], verdict, login, askedName);
    }

    public void Failed(ProxiedRequest request, Verdict why)
    {
        var packet = request.Packet;
        Span<char> asked = stackalloc char[Username.MostChars];
        var name = asked[..NameOf(packet, asked)];
        Span<byte> reply = stackalloc byte[PacketView.MaxLength];
        var length = HopReply.WriteReject(reply, default, packet, request.Nas.Secret);
        End(request, packet, reply[..length], why, snapshot.Find(request.Nas.TenantId, name), name);
    }

    /// <summary>The login of ours that the user is, if any.</summary>
    private Login? LoginOf(ProxiedRequest request, UpstreamEntry upstream, ReadOnlySpan<char> asked, ReadOnlySpan<char> proven)
    {
        var tenant = request.Nas.TenantId;
        if ((proven.IsEmpty || ProvenName.IsAsked(asked, proven)) && snapshot.Find(tenant, asked) is { } named)
        {
            return named;
        }

        return !proven.IsEmpty && ProvenName.Counts(upstream, asked, proven, request.IsEap) ? snapshot.Find(tenant, proven) : null;
    }

    /// <summary>What we have to say about a user whom the upstream accepted: nothing, unless it is a login of ours.</summary>
    private Verdict Judge(Login? login, NasEntry nas, PacketView packet)
    {
        if (login is null)
        {
            return ProxiedVerdict.Accepted;
        }

        var verdict = judge.Judge(packet, nas, login, hasUsername: true, Credentials.OfClearText(login.Password));
        return verdict.Accepted ? ProxiedVerdict.Accepted with { Data = verdict.Data } : verdict;
    }

    private PacketView OwnOf(Login login, NasEntry nas, Span<byte> buffer)
    {
        var writer = new PacketWriter(buffer, PacketCode.AccessAccept, 0);
        ReplyAttributes.Write(ref writer, login, snapshot.RatesOf(login), nas.Vendor);
        SessionClass.AddTo(ref writer, login);
        var length = writer.FinishReply(stackalloc byte[PacketView.AuthenticatorLength], nas.Secret);
        return PacketView.TryParse(buffer[..length], out var own, out _) ? own : default;
    }

    /// <param name="verdict">Null for a challenge.</param>
    private void End(
        ProxiedRequest request,
        PacketView packet,
        ReadOnlySpan<byte> reply,
        Verdict? verdict,
        Login? login,
        ReadOnlySpan<char> username
    )
    {
        if (reply.IsEmpty)
        {
            AaaMetrics.Drop("auth", "proxy_reply_too_long");
            return;
        }

        var isReject = verdict is { Accepted: false };
        var now = Environment.TickCount64;
        var way = isReject ? gate.Rejected(request.Nas, packet, now) : new RejectGate.Way(Delayed: false, Noted: true);
        if (verdict is { Accepted: true })
        {
            gate.Accepted(request.Nas, packet, now);
        }

        if (verdict is not null)
        {
            Note(request, packet, login, username, verdict, way.Noted);
        }

        if (way.Delayed && delayed.TryAdd(request.Path!, request.From, packet, reply, duplicates))
        {
            AaaMetrics.Limited("delayed");
            return;
        }

        duplicates.Complete(request.From, packet, reply);
        request.Path!.Send(request.From, reply);
    }

    private void Note(
        ProxiedRequest request,
        PacketView packet,
        Login? login,
        ReadOnlySpan<char> username,
        Verdict verdict,
        bool logged = true
    )
    {
        AaaMetrics.Answered(verdict.Code);
        EnforcementMetrics.Took(request.Nas.TenantId, verdict.Accepted, Stopwatch.GetElapsedTime(request.ArrivedAt));
        activity.Saw(request.Nas, verdict.Accepted, request.IsSigned, Stopwatch.GetElapsedTime(request.ArrivedAt));
        if (!request.IsEap)
        {
            request.Nas.Signing.Saw(request.IsSigned);
        }

        if (logged)
        {
            decisions.Note(verdict, request.Nas, login, username, request.Method, packet);
        }
        else
        {
            AaaMetrics.Limited("unlogged");
        }
    }

    private static int NameOf(PacketView packet, Span<char> name) =>
        packet.TryGet(AttributeType.UserName, out var raw) ? Encoding.UTF8.GetChars(raw, name) : 0;
}
