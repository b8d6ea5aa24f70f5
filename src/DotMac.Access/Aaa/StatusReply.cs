using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa;

/// <summary>The answer to Status-Server (RFC 5997 §4): "I am alive", signed.</summary>
internal static class StatusReply
{
    public static int Write(PacketView request, PacketCode code, ReadOnlySpan<byte> secret, Span<byte> reply)
    {
        var writer = new PacketWriter(reply, code, request.Identifier);
        writer.AddMessageAuthenticatorPlaceholder();
        writer.CopyProxyStates(request);
        return writer.FinishReply(request.Authenticator, secret);
    }
}
