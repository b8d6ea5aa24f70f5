namespace DotMac.Access.Attributes;

/// <summary>Which RFC defines an attribute of the IETF space (IANA "RADIUS Types").</summary>
internal static class StandardSources
{
    private static readonly (uint First, uint Last, string Rfc)[] Ranges =
    [
        (1, 39, "RFC 2865"),
        (40, 51, "RFC 2866"),
        (52, 55, "RFC 2869"),
        (56, 59, "RFC 4675"),
        (60, 63, "RFC 2865"),
        (64, 67, "RFC 2868"),
        (68, 68, "RFC 2867"),
        (69, 69, "RFC 2868"),
        (70, 80, "RFC 2869"),
        (81, 83, "RFC 2868"),
        (84, 85, "RFC 2869"),
        (86, 86, "RFC 2867"),
        (87, 88, "RFC 2869"),
        (89, 89, "RFC 4372"),
        (90, 91, "RFC 2868"),
        (92, 92, "RFC 4849"),
        (94, 94, "RFC 5176"),
        (95, 100, "RFC 3162"),
        (101, 101, "RFC 5176"),
        (102, 102, "RFC 4072"),
        (103, 122, "RFC 5090"),
        (123, 123, "RFC 4818"),
        (124, 125, "RFC 5447"),
        (126, 133, "RFC 5580"),
        (134, 137, "RFC 5607"),
        (139, 139, "RFC 5904"),
        (140, 143, "RFC 6519"),
        (144, 144, "RFC 6519"),
        (145, 162, "RFC 6572"),
        (163, 166, "RFC 6677"),
        (168, 172, "RFC 6911"),
        (173, 173, "RFC 6930"),
        (174, 190, "RFC 7268"),
        (241, 246, "RFC 6929"),
    ];

    public static string Of(uint number)
    {
        var found = Array.Find(Ranges, r => number >= r.First && number <= r.Last).Rfc;
        return found ?? (number > byte.MaxValue ? "server" : "IANA");
    }
}
