using System.Globalization;
using DotMac.Radius.Dictionaries;

namespace DotMac.Access.Attributes;

/// <summary>An attribute as the loaded dictionaries describe it.</summary>
/// <param name="Number">How the number is written, with parents: 8, 26.14988.8, 241.1. Null for what a server keeps to itself.</param>
/// <param name="Type">The dictionary's type: string, integer, ipaddr, ipv6prefix, tlv, …</param>
/// <param name="Format">How a value looks.</param>
/// <param name="Tagged">It may carry a tag (RFC 2868).</param>
/// <param name="Encrypted">How it is hidden: User-Password, Tunnel-Password or Ascend; null: it is not.</param>
/// <param name="Values">Its named values.</param>
/// <param name="Source">The RFC, or the vendor.</param>
public sealed record DictionaryAttribute(
    string Name,
    string? Number,
    string Type,
    string Format,
    bool Tagged,
    string? Encrypted,
    IReadOnlyList<DictionaryValue> Values,
    string Source,
    long? VendorId
)
{
    internal static DictionaryAttribute Of(AttributeDefinition attribute, RadiusDictionary dictionary) =>
        new(
            attribute.Name,
            attribute.Vendor == 0 && Top(attribute).Number > byte.MaxValue ? null : attribute.Path,
            DataTypeWords.Of(attribute.DataType),
            DataTypeWords.FormatOf(attribute),
            attribute.HasTag,
            attribute.Encryption switch
            {
                1 => "User-Password",
                2 => "Tunnel-Password",
                3 => "Ascend",
                _ => null,
            },
            [
                .. attribute
                    .Values.OrderBy(v => v.Key)
                    .Select(v => new DictionaryValue(v.Value, v.Key.ToString(CultureInfo.InvariantCulture))),
            ],
            SourceOf(attribute, dictionary),
            attribute.Vendor == 0 ? null : attribute.Vendor
        );

    private static string SourceOf(AttributeDefinition attribute, RadiusDictionary dictionary) =>
        attribute.Vendor == 0 ? StandardSources.Of(Top(attribute).Number)
        : dictionary.TryFindVendor(attribute.Vendor, out var vendor) ? vendor.Name
        : attribute.Vendor.ToString(CultureInfo.InvariantCulture);

    private static AttributeDefinition Top(AttributeDefinition attribute) => attribute.Parent is null ? attribute : Top(attribute.Parent);
}

public sealed record DictionaryValue(string Name, string Number);
