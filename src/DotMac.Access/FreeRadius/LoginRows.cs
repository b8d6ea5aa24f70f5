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

        var rows = LineOf(login.Line);
        rows.Add(new("Cleartext-Password", ":=", Encoding.UTF8.GetString(login.Password)));
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
        var facts = new AccessRequestFacts { HasUsername = true, Credentials = Credentials.OfClearText(login.Password) };
        var verdict = Decision.Admit(facts, login with { Line = null }, out _);
        return verdict.Accepted ? null : verdict;
    }

    /// <summary>
    /// Where the line must be, as items that the request is compared with: policy enforce, and what the access node says in the
    /// ADSL-Forum's attributes. Other spellings (Cisco-AVPair) and the policy log are beyond stock SQL.
    /// </summary>
    private static List<ProjectedRow> LineOf(LineLock? line)
    {
        var rows = new List<ProjectedRow>();
        if (line?.Policy == Option82Policy.Enforce)
        {
            Add("ADSL-Agent-Circuit-Id", line.CircuitId);
            Add("ADSL-Agent-Remote-Id", line.RemoteId);
        }

        return rows;

        void Add(string attribute, string? id)
        {
            if (id is not null)
            {
                rows.Add(new(attribute, "==", "0x" + Convert.ToHexStringLower(OctetsOf(id))));
            }
        }
    }

    /// <summary>The reverse of <see cref="LineId.Of"/>: an id that is spelt in hex had an octet that cannot be printed.</summary>
    private static byte[] OctetsOf(string id)
    {
        if (id.Length % 2 == 0 && id.All(char.IsAsciiHexDigitLower))
        {
            var octets = Convert.FromHexString(id);
            if (LineId.Of(octets) == id)
            {
                return octets;
            }
        }

        return Encoding.ASCII.GetBytes(id);
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
        SessionClass.AddTo(ref writer, login);
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
