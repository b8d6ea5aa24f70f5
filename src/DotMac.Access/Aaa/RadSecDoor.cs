using System.Net;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Server;
using DotMac.Radius.Tls;
using DotMac.Radius.Wire;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Aaa;

/// <summary>The third door of the AAA role: RADIUS over TLS, where authentication and accounting share a connection.</summary>
internal sealed class RadSecDoor(
    AuthenticationHandler authentication,
    AccountingHandler accounting,
    AaaSnapshot snapshot,
    TimeProvider clock,
    ILogger<RadSecDoor> log
) : IPacketHandler
{
    private const string Port = "radsec";
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);
    private long mutedUntil;

    public RadSecListener Open(RadSecOptions options, IPAddress bind) =>
        new(
            new RadSecListenerOptions
            {
                EndPoint = new IPEndPoint(bind, options.Port),
                Certificate = options.Identity.Certificate,
                Intermediates = options.Identity.Intermediates,
                TrustedIssuers = options.Identity.TrustedIssuers,
                Identity = new RadSecRenewal(options, clock, log).Current,
                Admits = (peer, from) => snapshot.Nas.Admits(peer, from),
                OnClosed = Closed,
                OnFailure = e => log.LogError(e, "A RADIUS packet could not be handled"),
            },
            this,
            clock
        );

    public int Handle(IReplyPath path, ReadOnlySpan<byte> datagram, in RemotePeer from, Span<byte> reply) =>
        (PacketCode)datagram[0] == PacketCode.AccountingRequest
            ? accounting.Handle(path, datagram, from, reply)
            : authentication.Handle(path, datagram, from, reply);

    /// <summary>Every one is counted; strangers cannot fill the log.</summary>
    private void Closed(RemotePeer from, string reason)
    {
        AaaMetrics.Drop(Port, "connection");
        var now = clock.GetUtcNow().Ticks;
        var until = Interlocked.Read(ref mutedUntil);
        if (now >= until && Interlocked.CompareExchange(ref mutedUntil, now + Quiet.Ticks, until) == until)
        {
            log.LogInformation("A RadSec connection of {Peer} was closed: {Reason}", from.Address, reason);
        }
    }
}
