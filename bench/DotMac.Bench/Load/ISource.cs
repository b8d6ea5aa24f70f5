namespace DotMac.Bench.Load;

/// <summary>The requests of one socket, in the order they are sent.</summary>
internal interface ISource
{
    /// <summary>
    /// Writes or finds the next request. Its identifier is the sequence number's low octet, and no two requests under one identifier are the
    /// same while a server may remember the former.
    /// </summary>
    ReadOnlySpan<byte> Next(long sequence, Span<byte> room);
}
