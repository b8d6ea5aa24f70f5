namespace DotMac.Radius.Wire;

/// <summary>The first octet of a packet (RFC 2865 §3, RFC 2866 §3, RFC 5176 §2.2, RFC 5997 §3).</summary>
public enum PacketCode : byte
{
    None = 0,
    AccessRequest = 1,
    AccessAccept = 2,
    AccessReject = 3,
    AccountingRequest = 4,
    AccountingResponse = 5,
    AccessChallenge = 11,
    StatusServer = 12,
    StatusClient = 13,
    DisconnectRequest = 40,
    DisconnectAck = 41,
    DisconnectNak = 42,
    CoaRequest = 43,
    CoaAck = 44,
    CoaNak = 45,
}
