using System.Diagnostics;
using System.Text;
using DotMac.Access.Aaa.Proxy;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Server;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa;

/// <summary>
/// Answers the authentication port: Access-Request and Status-Server. Works from memory alone; what it decided is noted afterwards.
/// Whatever cannot be trusted (unknown source, wrong signature) gets no answer and is counted.
/// </summary>
internal sealed class AuthenticationHandler : IPacketHandler
{
    private const string Port = "auth";
    private readonly DuplicateCache duplicates = new();
    private readonly AaaSnapshot snapshot;
    private readonly AccessJudge judge;
    private readonly DecisionLog decisions;
    private readonly NasActivity activity;
    private readonly ProxiedAccess proxied;
    private readonly RejectGate gate;
    private readonly DelayedReplies delayed;

    public AuthenticationHandler(
        AaaSnapshot snapshot,
        AccessJudge judge,
        DecisionLog decisions,
        NasActivity activity,
        UpstreamProxy proxy,
        RejectGate gate,
        DelayedReplies delayed
    )
    {
        (this.gate, this.delayed) = (gate, delayed);
        (this.snapshot, this.judge, this.decisions, this.activity) = (snapshot, judge, decisions, activity);
        proxied = new ProxiedAccess(snapshot, judge, decisions, activity, duplicates, proxy, gate, delayed);
    }

    public int Handle(IReplyPath path, ReadOnlySpan<byte> datagram, in RemotePeer from, Span<byte> reply)
    {
        var start = Stopwatch.GetTimestamp();
        if (!PacketView.TryParse(datagram, out var packet, out _))
        {
            return Silence("malformed");
        }

        if (!snapshot.IsLoaded)
        {
            return Silence("not_ready");
        }

        if (snapshot.Nas.Find(path, from, packet) is not { } nas)
        {
            return Silence("unknown_client");
        }

        if (packet.Code is not (PacketCode.AccessRequest or PacketCode.StatusServer))
        {
            return Silence("unexpected_code", nas);
        }

        var signature = Authenticators.CheckMessageAuthenticator(packet, nas.Secret);
        if (signature == MessageAuthenticatorCheck.Invalid)
        {
            return Silence("bad_message_authenticator", nas);
        }

        if (signature == MessageAuthenticatorCheck.Absent)
        {
            // RFC 5997 §3 and RFC 3579 §3.1 demand it; for the rest the NAS's policy decides (CVE-2024-3596).
            if (packet.Code == PacketCode.StatusServer || packet.Has(AttributeType.EapMessage) || nas.RequiresSignature)
            {
                return Silence("missing_message_authenticator", nas);
            }
        }

        if (packet.Code == PacketCode.StatusServer)
        {
            return StatusReply.Write(packet, PacketCode.AccessAccept, nas.Secret, reply);
        }

        if (gate.IsFlood(nas, packet, Environment.TickCount64))
        {
            AaaMetrics.Limited("dropped");
            return Silence("rejects_limited", nas);
        }

        switch (duplicates.Begin(from, packet, Environment.TickCount64, reply, out var stored))
        {
            case DuplicateState.Answered:
                AaaMetrics.Duplicate(Port);
                return stored;
            case DuplicateState.InProgress:
                AaaMetrics.Duplicate(Port);
                proxied.Repeat(from, packet);
                return 0;
        }

        return Answer(path, packet, nas, from, reply, nas.IsOverTls || signature == MessageAuthenticatorCheck.Valid, start);
    }

    private int Answer(IReplyPath path, PacketView packet, NasEntry nas, in RemotePeer from, Span<byte> reply, bool signed, long start)
    {
        Span<char> name = stackalloc char[Username.MostChars];
        var nameLength = packet.TryGet(AttributeType.UserName, out var raw) ? Encoding.UTF8.GetChars(raw, name) : 0;
        var login = snapshot.Find(nas.TenantId, name[..nameLength]);
        var credentials = Credentials.Of(packet, nas.Secret);
        if (
            (login is null || credentials.Method == AuthMethod.Eap)
            && nameLength > 0
            && proxied.TryForward(
                path,
                packet,
                nas,
                from,
                name[..nameLength],
                credentials.Method,
                signed,
                start,
                reply,
                out var proxiedLength
            )
        )
        {
            return proxiedLength;
        }

        var verdict = Judge(packet, nas, ref login, name[..nameLength], credentials);
        var length = verdict.Accepted ? Accept(packet, nas, login!, credentials.Method, reply) : Reject(packet, nas, reply);
        activity.Saw(nas, verdict.Accepted, signed, Stopwatch.GetElapsedTime(start));
        if (credentials.Method != AuthMethod.Eap)
        {
            nas.Signing.Saw(signed);
        }

        var rates = login is null ? null : snapshot.RatesOf(login);
        AaaMetrics.Answered(verdict.Code);
        EnforcementMetrics.Took(nas.TenantId, verdict.Accepted, Stopwatch.GetElapsedTime(start));
        var way = Gate(packet, nas, verdict.Accepted);
        if (way.Noted)
        {
            decisions.Note(verdict, nas, login, name[..nameLength], credentials.Method, packet, rates);
        }

        if (way.Delayed && delayed.TryAdd(path, from, packet, reply[..length], duplicates))
        {
            AaaMetrics.Limited("delayed");
            return 0;
        }

        duplicates.Complete(from, packet, reply[..length]);
        return length;
    }

    private RejectGate.Way Gate(PacketView packet, NasEntry nas, bool accepted)
    {
        var now = Environment.TickCount64;
        if (accepted)
        {
            gate.Accepted(nas, packet, now);
            return new RejectGate.Way(Delayed: false, Noted: true);
        }

        var way = gate.Rejected(nas, packet, now);
        if (!way.Noted)
        {
            AaaMetrics.Limited("unlogged");
        }

        return way;
    }

    /// <summary>By the name that it gives; a name that no login has may be the address of a device that signs on by itself.</summary>
    private Verdict Judge(PacketView packet, NasEntry nas, ref Login? login, ReadOnlySpan<char> name, in Credentials credentials)
    {
        if (login is null && MacLogin.Read(packet, nas, name, credentials.Method, snapshot) is var (device, refusal))
        {
            if (device is null)
            {
                return refusal!;
            }

            login = device;
            return judge.Judge(packet, nas, login, hasUsername: true, Credentials.OfClearText(login.Password));
        }

        return judge.Judge(packet, nas, login, !name.IsEmpty, credentials);
    }

    private int Accept(PacketView packet, NasEntry nas, Login login, AuthMethod method, Span<byte> reply)
    {
        var writer = new PacketWriter(reply, PacketCode.AccessAccept, packet.Identifier);
        writer.AddMessageAuthenticatorPlaceholder();
        if (method == AuthMethod.MsChap)
        {
            writer.AddMsChapSuccess(packet, login.Password, nas.Secret);
        }

        ReplyAttributes.Write(ref writer, login, snapshot.RatesOf(login), nas.Vendor);
        SessionClass.AddTo(ref writer, login);
        writer.CopyProxyStates(packet);
        return writer.FinishReply(packet.Authenticator, nas.Secret);
    }

    private static int Reject(PacketView packet, NasEntry nas, Span<byte> reply)
    {
        var writer = new PacketWriter(reply, PacketCode.AccessReject, packet.Identifier);
        writer.AddMessageAuthenticatorPlaceholder();
        writer.AddMsChapError(packet);
        writer.CopyProxyStates(packet);
        return writer.FinishReply(packet.Authenticator, nas.Secret);
    }

    private int Silence(string reason, NasEntry? nas = null)
    {
        AaaMetrics.Drop(Port, reason);
        if (nas is not null)
        {
            activity.Dropped(nas, Port, reason);
        }

        return 0;
    }
}
