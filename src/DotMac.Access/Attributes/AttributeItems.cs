using DotMac.Radius.Dictionaries;

namespace DotMac.Access.Attributes;

/// <summary>What may be checked in an Access-Request and what an Access-Accept may say (the tables of RFC 2865 §5.44, 2868 §5, 2869 §5.19, 3162 §3).</summary>
internal static class AttributeItems
{
    private static readonly HashSet<uint> Checks =
    [
        .. new uint[] { 1, 2, 3, 4, 5, 6, 7, 12, 30, 31, 32, 60, 61, 64, 65, 66, 67, 77, 79, 80, 87, 95, 96, 126 },
    ];

    private static readonly HashSet<uint> Replies =
    [
        .. new uint[] { 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 22, 23, 24, 25, 27, 28, 29, 34, 35, 36, 37, 38, 39, 62 },
        .. new uint[] { 64, 65, 66, 67, 69, 81, 82, 83, 85, 88, 89, 90, 91, 92, 96, 97, 98, 99, 100, 123, 168, 169, 170, 171, 172 },
    ];

    /// <summary>Vendors whose attributes are sent: those of the vendor table, and Microsoft for MS-CHAP.</summary>
    private static readonly HashSet<uint> ReplyVendors = [9, 311, 2011, 3902, 4874, 6527, 14122, 14988];

    /// <summary>Vendors whose attributes are read: where a line is (Option 82), and MS-CHAP.</summary>
    private static readonly HashSet<uint> CheckVendors = [9, 311, 3561, 4874];

    /// <summary>What a server keeps to itself: rows of radcheck that never go over the wire.</summary>
    public static readonly IReadOnlyList<DictionaryAttribute> ServerOwn =
    [
        Own("Auth-Type", "integer", "Reject: the login may not sign on", [new("Reject", "4"), new("Accept", "254")]),
        Own("Cleartext-Password", "string", "the password as it is; CHAP and MS-CHAP need it", []),
        Own("NT-Password", "octets", "MD4 of the password in UTF-16LE, 0x and 32 digits", []),
        Own("Simultaneous-Use", "integer", "sessions at once", []),
    ];

    public static bool IsCheck(AttributeDefinition attribute) => Is(attribute, Checks, CheckVendors);

    public static bool IsReply(AttributeDefinition attribute) => Is(attribute, Replies, ReplyVendors);

    private static bool Is(AttributeDefinition attribute, HashSet<uint> standard, HashSet<uint> vendors) =>
        attribute.Vendor == 0 ? attribute.Parent is null && standard.Contains(attribute.Number) : vendors.Contains(attribute.Vendor);

    private static DictionaryAttribute Own(string name, string type, string format, IReadOnlyList<DictionaryValue> values) =>
        new(name, null, type, format, false, null, values, "server", null);
}
