using System.Collections.Frozen;

namespace DotMac.Access.Aaa.Decisions;

/// <summary>
/// The numbers under which a verdict's code is stored (table decision_codes). Numbers are only ever added: below 100 the answer was an
/// Access-Accept, from 100 an Access-Reject.
/// </summary>
internal static class DecisionCodes
{
    public const short FirstReject = 100;
    public const short OtherAccept = 99;
    public const short OtherReject = 100;

    public static readonly FrozenDictionary<string, short> Numbers = new Dictionary<string, short>(StringComparer.Ordinal)
    {
        ["accepted"] = 1,
        ["accepted.walled_garden"] = 2,
        ["proxied.accepted"] = 3,
        ["accepted.other"] = OtherAccept,
        ["rejected.other"] = OtherReject,
        ["username.missing"] = 101,
        ["login.unknown"] = 102,
        ["login.disabled"] = 103,
        ["password.wrong"] = 104,
        ["credentials.missing"] = 105,
        ["method.unsupported"] = 106,
        ["sessions.too_many"] = 107,
        ["login.suspended"] = 108,
        ["option82.mismatch"] = 109,
        ["option82.missing"] = 110,
        ["quota.exhausted"] = 111,
        ["proxied.rejected"] = 112,
        ["proxied.timeout"] = 113,
        ["proxied.no_upstream"] = 114,
        ["proxied.overload"] = 115,
        ["nas.not_allowed"] = 134,
        ["mac.unknown"] = 135,
        ["mac.mismatch"] = 136,
        ["login.pending"] = 137,
        ["login.terminated"] = 138,
        ["login.quarantined"] = 139,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All numbers that mean an Access-Reject.</summary>
    public static readonly IReadOnlyList<short> Rejects = [.. Numbers.Values.Where(n => n >= FirstReject).Order()];

    private static readonly FrozenDictionary<short, string> Codes = Numbers.ToFrozenDictionary(p => p.Value, p => p.Key);

    /// <summary>A verdict that has no number yet is stored as "other", with its code beside it.</summary>
    public static short NumberOf(Verdict verdict) =>
        Numbers.TryGetValue(verdict.Code, out var number) ? number
        : verdict.Accepted ? OtherAccept
        : OtherReject;

    public static string Of(short number) =>
        Codes.TryGetValue(number, out var code) ? code
        : number < FirstReject ? "accepted.other"
        : "rejected.other";

    public static string MethodWord(AuthMethod method) =>
        method switch
        {
            AuthMethod.Pap => "pap",
            AuthMethod.Chap => "chap",
            AuthMethod.MsChap => "mschap",
            AuthMethod.Eap => "eap",
            _ => "none",
        };

    public static bool IsAccepted(short number) => number < FirstReject;
}
