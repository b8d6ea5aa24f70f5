using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Vendors;

/// <summary>An attribute as it would go out.</summary>
/// <param name="Name">By the dictionary; a tag follows behind a colon.</param>
/// <param name="Number">How the number is written: 11, or 26.14988.8 for a vendor's.</param>
/// <param name="Hex">The whole attribute: type, length and value, in lower-case hex.</param>
public sealed record PreviewedAttribute(string Name, string Number, string Value, string Hex);

/// <summary>Reads a packet's attributes back from its octets, so that what is shown is what is sent.</summary>
internal static class AttributePreview
{
    public static IReadOnlyList<PreviewedAttribute> Read(ReadOnlySpan<byte> attributes, RadiusDictionary dictionary)
    {
        var shown = new List<PreviewedAttribute>();
        while (attributes.Length >= 2 && attributes[1] >= 2 && attributes[1] <= attributes.Length)
        {
            var one = attributes[..attributes[1]];
            var hex = Convert.ToHexStringLower(one);
            shown.AddRange(
                Decode(one, dictionary)
                    .Select(a => new PreviewedAttribute(a.Tag is null ? a.Name : $"{a.Name}:{a.Tag}", a.Path, a.Text, hex))
            );
            attributes = attributes[one.Length..];
        }

        return shown;
    }

    private static IReadOnlyList<DecodedAttribute> Decode(ReadOnlySpan<byte> attribute, RadiusDictionary dictionary)
    {
        Span<byte> buffer = stackalloc byte[PacketView.HeaderLength + byte.MaxValue];
        buffer.Clear();
        buffer[0] = (byte)PacketCode.AccessAccept;
        var length = PacketView.HeaderLength + attribute.Length;
        buffer[2] = (byte)(length >> 8);
        buffer[3] = (byte)length;
        attribute.CopyTo(buffer[PacketView.HeaderLength..]);
        return PacketView.TryParse(buffer[..length], out var packet, out _) ? dictionary.Decode(packet) : [];
    }
}
