using System.Buffers.Binary;

namespace DotMac.Radius.Wire;

/// <summary>Length, Message-Authenticator and authenticator. Each Finish returns the packet's length in octets, or 0 with a fault.</summary>
public ref partial struct PacketWriter
{
    /// <summary>
    /// Signs a reply: Message-Authenticator over the request's authenticator (RFC 3579 §3.2), then
    /// Response Authenticator = MD5(code, id, length, request authenticator, attributes, secret) (RFC 2865 §3).
    /// </summary>
    public readonly int FinishReply(ReadOnlySpan<byte> requestAuthenticator, ReadOnlySpan<byte> secret)
    {
        if (!TrySeal(requestAuthenticator, secret))
        {
            return 0;
        }

        Digest.Compute(_buffer[.._length], secret, default, _buffer.Slice(4, PacketView.AuthenticatorLength));
        return _length;
    }

    /// <summary>Ends an Access-Request or Status-Server, whose authenticator is 16 random octets (RFC 2865 §3, RFC 5997 §3).</summary>
    public readonly int FinishAccessRequest(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> randomAuthenticator) =>
        TrySeal(randomAuthenticator, secret) ? _length : 0;

    /// <summary>
    /// Signs an Accounting-, CoA- or Disconnect-Request: Message-Authenticator over a zeroed authenticator (RFC 5176 §2.3, §3.3), then
    /// Request Authenticator = MD5(code, id, length, 16 zero octets, attributes, secret) (RFC 2866 §3).
    /// </summary>
    public readonly int FinishAccountingLike(ReadOnlySpan<byte> secret)
    {
        Span<byte> zero = stackalloc byte[PacketView.AuthenticatorLength];
        zero.Clear();
        return FinishReply(zero, secret);
    }

    private readonly bool TrySeal(ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> secret)
    {
        if (Fault != WriteFault.None || authenticator.Length != PacketView.AuthenticatorLength)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)_length);
        authenticator.CopyTo(_buffer[4..]);
        if (_messageAuthenticatorAt != 0)
        {
            var target = _buffer.Slice(_messageAuthenticatorAt, Digest.Length);
            Digest.ComputeHmac(secret, _buffer[.._length], authenticator, _messageAuthenticatorAt, target);
        }

        return true;
    }
}
