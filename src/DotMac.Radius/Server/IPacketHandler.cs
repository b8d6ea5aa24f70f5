namespace DotMac.Radius.Server;

/// <summary>Answers datagrams. Called from several receive threads at once; must not block for long.</summary>
public interface IPacketHandler
{
    /// <summary>
    /// Writes the reply into <paramref name="reply"/> (4096 octets) and returns its length, or 0 for silence. The spans are valid during
    /// the call only. To answer later, copy <paramref name="from"/> and call <see cref="IReplyPath.Send"/>. An exception is caught,
    /// counted and reported, and means silence.
    /// </summary>
    int Handle(IReplyPath path, ReadOnlySpan<byte> datagram, in RemotePeer from, Span<byte> reply);
}
