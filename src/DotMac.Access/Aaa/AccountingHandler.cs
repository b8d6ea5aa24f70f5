using DotMac.Access.Aaa.Accounting;
using DotMac.Access.Aaa.Proxy;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Server;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa;

/// <summary>
/// Answers the accounting port. A record is acknowledged when the journal has it on disk, and not before; anything else stays silent,
/// so that the NAS keeps the record and sends it again.
/// </summary>
internal sealed class AccountingHandler(
    AaaSnapshot snapshot,
    Journal journal,
    LiveSessions sessions,
    NasActivity activity,
    ProxiedAccounting proxied,
    TimeProvider clock
) : IPacketHandler
{
    private const string Port = "acct";
    private readonly DuplicateCache duplicates = new();

    public int Handle(IReplyPath path, ReadOnlySpan<byte> datagram, in RemotePeer from, Span<byte> reply)
    {
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

        var signature = Authenticators.CheckMessageAuthenticator(packet, nas.Secret);
        if (signature == MessageAuthenticatorCheck.Invalid)
        {
            return Silence("bad_message_authenticator", nas);
        }

        if (packet.Code == PacketCode.StatusServer)
        {
            return signature == MessageAuthenticatorCheck.Valid
                ? StatusReply.Write(packet, PacketCode.AccountingResponse, nas.Secret, reply)
                : Silence("missing_message_authenticator", nas);
        }

        if (packet.Code != PacketCode.AccountingRequest)
        {
            return Silence("unexpected_code", nas);
        }

        if (!Authenticators.VerifyAccountingLike(packet, nas.Secret))
        {
            return Silence("bad_authenticator", nas);
        }

        switch (duplicates.Begin(from, packet, Environment.TickCount64, reply, out var stored))
        {
            case DuplicateState.Answered:
                AaaMetrics.Duplicate(Port);
                return stored;
            case DuplicateState.InProgress:
                AaaMetrics.Duplicate(Port);
                return 0;
        }

        Keep(path, packet, nas, from);
        return 0;
    }

    /// <summary>Hands the packet to the journal; the answer, made now, goes out from the journal's writer once the record is durable.</summary>
    private void Keep(IReplyPath path, PacketView packet, NasEntry nas, RemotePeer from)
    {
        var answer = Answer(packet, nas);
        var (code, identifier, authenticator) = (packet.Code, packet.Identifier, packet.Authenticator.ToArray());
        var subscriber = SessionClass.SubscriberOf(packet, nas.TenantId, snapshot);
        var origin = new PacketOrigin(clock.GetUtcNow(), nas.TenantId, nas.Id, subscriber, from.Address);
        var record = JournalRecord.Write(origin, packet.Bytes);
        // Copied only when somebody else may want it: the datagram's buffer does not live until the record is durable.
        var name = subscriber is null && packet.TryGetText(AttributeType.UserName, out var given) ? given : "";
        var foreign = name.Contains('@') && snapshot.Upstreams.All.Count > 0 ? packet.Bytes.ToArray() : null;
        var accounting = AccountingRecord.Read(packet, origin);
        var queued = journal.TryAppend(
            record,
            durable =>
            {
                if (!durable)
                {
                    duplicates.Forget(from, code, identifier, authenticator);
                    AaaMetrics.Drop(Port, "journal_failed");
                    return;
                }

                // Before the answer: what the NAS asks next must find the session counted or gone.
                Follow(nas, accounting);
                duplicates.Complete(from, code, identifier, authenticator, answer);
                AaaMetrics.Journaled(1);
                path.Send(from, answer);
                if (foreign is not null)
                {
                    proxied.Forward(foreign, nas, from, name);
                }
            }
        );
        if (!queued)
        {
            duplicates.Forget(from, code, identifier, authenticator);
            AaaMetrics.Drop(Port, "overload");
        }
    }

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

    /// <summary>An Accounting-Response carries nothing but Proxy-State (RFC 2866 §4.2).</summary>
    private static byte[] Answer(PacketView packet, NasEntry nas)
    {
        Span<byte> buffer = stackalloc byte[PacketView.MaxLength];
        var writer = new PacketWriter(buffer, PacketCode.AccountingResponse, packet.Identifier);
        writer.CopyProxyStates(packet);
        return buffer[..writer.FinishReply(packet.Authenticator, nas.Secret)].ToArray();
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
