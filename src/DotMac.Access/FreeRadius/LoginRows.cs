using System.Text;
using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;

namespace DotMac.Access.FreeRadius;

/// <summary>
/// What FreeRADIUS has to know of one login: its check items and its reply items. Pure. Both come from the policy of the built-in server:
/// the same decision, and the reply's octets as the same code writes them, read back by the dictionary.
/// </summary>
internal static class LoginRows
{
    /// <summary>A refused login is refused in radcheck (in radreply it would have no effect) and its password is not told.</summary>
    public static List<ProjectedRow> Check(Login login)
    {
        if (Refusal(login) is not null)
        {
            return [new("Auth-Type", ":=", "Reject")];
        }

        var rows = new List<ProjectedRow> { new("Cleartext-Password", ":=", Encoding.UTF8.GetString(login.Password)) };
        if (login.SimultaneousUse > 0)
        {
            rows.Add(new("Simultaneous-Use", ":=", login.SimultaneousUse.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        return rows;
    }

    public static List<ProjectedRow> Reply(Login login, Rates? rates, NasVendor vendor) =>
        Refusal(login) is { } refusal ? [new("Reply-Message", ":=", refusal.Explanation)] : Attributes(login, rates, vendor);

    /// <summary>Why the login is refused whatever is asked; null when its password decides.</summary>
    private static Verdict? Refusal(Login login)
    {
        var verdict = Decision.Decide(hasUsername: true, Credentials.OfClearText(login.Password), login, runningSessions: 0);
        return verdict.Accepted ? null : verdict;
    }

    /// <summary>Why FreeRADIUS answered as it did, as far as the login tells: if nothing else was in the way, the password was.</summary>
    public static Verdict ReasonAfterwards(Login? login, bool accepted) =>
        accepted ? Verdict.Accept
        : login is null ? Verdict.LoginUnknown
        : Refusal(login) ?? Verdict.PasswordWrong;

    /// <summary>The attributes of an Access-Accept by FreeRADIUS's names.</summary>
    public static List<ProjectedRow> Attributes(Login login, Rates? rates, NasVendor vendor)
    {
        var buffer = new byte[PacketView.MaxLength];
        var writer = new PacketWriter(buffer, PacketCode.AccessAccept, 0);
        ReplyAttributes.Write(ref writer, login, rates, vendor);
        return Read(buffer.AsSpan(0, writer.FinishReply(new byte[PacketView.AuthenticatorLength], RestRequest.Secret)));
    }

    /// <summary>A packet's attributes by name; what stands more than once, or under a tag, is added, the rest is set.</summary>
    public static List<ProjectedRow> Read(ReadOnlySpan<byte> reply)
    {
        if (!PacketView.TryParse(reply, out var packet, out _))
        {
            return [];
        }

        var decoded = RadiusDictionary.Default.Decode(packet);
        var often = decoded
            .GroupBy(a => a.Name, StringComparer.Ordinal)
            .Where(g => g.Skip(1).Any())
            .Select(g => g.Key)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. decoded.Select(a => new ProjectedRow(
                a.Tag is null ? a.Name : $"{a.Name}:{a.Tag}",
                a.Tag is not null || often.Contains(a.Name) ? "+=" : ":=",
                a.Text
            )),
        ];
    }
}
