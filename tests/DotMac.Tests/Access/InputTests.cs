using System.Net;
using DotMac.Access.NasRegistry;
using DotMac.Access.Profiles;
using DotMac.Access.Subscribers;
using DotMac.Kernel.Results;

namespace DotMac.Tests.Access;

/// <summary>What is taken and what is refused, field by field.</summary>
public sealed class InputTests
{
    private const string Max253 =
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("alice", true)]
    [InlineData(" Alice@ISP ", true)]
    [InlineData("aa-bb-cc-dd-ee-ff", true)]
    [InlineData("pop1/1:2%3+4_5.6", true)]
    [InlineData(Max253, true)]
    [InlineData(Max253 + "a", false)]
    [InlineData("", false)]
    [InlineData("   ", false)]
    [InlineData(null, false)]
    [InlineData("two words", false)]
    [InlineData("tab\tbed", false)]
    [InlineData("nul\0", false)]
    [InlineData("line\nfeed", false)]
    [InlineData("quote'", false)]
    [InlineData("back\\slash", false)]
    [InlineData("smörgås", false)]
    [InlineData("a*", false)]
    public void Usernames(string? username, bool isTaken) =>
        Faulty(new SubscriberFields(username, "correct-horse")).Contains("username").ShouldBe(!isTaken);

    [Theory]
    [InlineData("123456", true)]
    [InlineData("12345", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("with space", true)]
    [InlineData("with\ttab", false)]
    [InlineData("with\0nul", false)]
    public void Passwords(string? password, bool isTaken) =>
        Faulty(new SubscriberFields("a", password)).Contains("password").ShouldBe(!isTaken);

    [Fact]
    public void A_password_has_at_most_128_octets_not_characters()
    {
        Faulty(new SubscriberFields("a", new string('x', 128))).ShouldBeEmpty();
        Faulty(new SubscriberFields("a", new string('x', 129))).ShouldBe(["password"]);
        Faulty(new SubscriberFields("a", new string('ü', 64))).ShouldBeEmpty();
        Faulty(new SubscriberFields("a", new string('ü', 65))).ShouldBe(["password"]);
    }

    [Theory]
    [InlineData("100.64.0.1", null, null)]
    [InlineData("100.64.0.0", null, null)]
    [InlineData("100.64.0.0", "255.255.255.0", "bad_address")]
    [InlineData("100.64.0.255", "255.255.255.0", "bad_address")]
    [InlineData("100.64.0.254", "255.255.255.0", null)]
    [InlineData("100.64.0.0", "255.255.255.254", null)]
    [InlineData("100.64.0.0", "255.255.255.255", null)]
    [InlineData("0.1.2.3", null, "bad_address")]
    [InlineData("127.0.0.1", null, "bad_address")]
    [InlineData("224.0.0.1", null, "bad_address")]
    [InlineData("255.255.255.254", null, "bad_address")]
    [InlineData("255.255.255.255", null, "bad_address")]
    [InlineData("10.1", null, "bad_format")]
    [InlineData("010.1.1.1", null, "bad_format")]
    [InlineData("0x0a.1.1.1", null, "bad_format")]
    [InlineData("1.2.3.4/24", null, "bad_format")]
    [InlineData("::1", null, "bad_format")]
    public void Ipv4_addresses(string text, string? mask, string? code)
    {
        var faults = new Faults();
        var address = LineAddress.HostIpv4(faults, "f", text, mask is null ? null : IPAddress.Parse(mask));
        Code(faults).ShouldBe(code);
        address?.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("255.0.0.0", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("255.255.255.192", true)]
    [InlineData("254.0.0.0", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.0.255.0", false)]
    [InlineData("255.255.255.1", false)]
    [InlineData("24", false)]
    public void Netmasks(string text, bool isTaken)
    {
        var faults = new Faults();
        (LineAddress.Netmask(faults, "f", text) is not null).ShouldBe(isTaken);
        faults.Any.ShouldBe(!isTaken);
    }

    [Theory]
    [InlineData("2001:db8:1::/56", null)]
    [InlineData("2001:DB8:1:0:0::/48", null)]
    [InlineData("2001:db8:1:2::/64", null)]
    [InlineData("2001:db8::/47", "out_of_range")]
    [InlineData("2001:db8::/65", "out_of_range")]
    [InlineData("2001:db8::/129", "bad_format")]
    [InlineData("2001:db8::/-1", "bad_format")]
    [InlineData("2001:db8::", "bad_format")]
    [InlineData("2001:db8:1:1::/48", "not_canonical")]
    [InlineData("fe80::/64", "bad_address")]
    [InlineData("ff00::/48", "bad_address")]
    [InlineData("::/64", "bad_address")]
    [InlineData("10.0.0.0/56", "bad_format")]
    [InlineData("::ffff:10.0.0.0/64", "bad_format")]
    [InlineData("fe80::%1/64", "bad_format")]
    public void Delegated_prefixes(string text, string? code)
    {
        var faults = new Faults();
        LineAddress.Prefix(faults, "f", text, 48, 64);
        Code(faults).ShouldBe(code);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", null)]
    [InlineData("192.0.2.1/32", "192.0.2.1", null)]
    [InlineData("10.0.0.0/8", "10.0.0.0/8", null)]
    [InlineData("127.0.0.1", "127.0.0.1", null)]
    [InlineData("2001:db8::1", "2001:db8::1", null)]
    [InlineData("2001:db8::/32", "2001:db8::/32", null)]
    [InlineData("10.0.0.0/7", null, "prefix length")]
    [InlineData("10.0.0.0/33", null, "prefix length")]
    [InlineData("10.0.0.1/24", null, "10.0.0.0/24")]
    [InlineData("0.0.0.0", null, "no address")]
    [InlineData("224.0.0.1", null, "no address")]
    [InlineData("bng.example", null, "IP address")]
    [InlineData("10.1", null, "IP address")]
    [InlineData("10.0.0.0/", null, "not a number")]
    [InlineData("fe80::1%eth0", null, "IP address")]
    public void Sources_of_a_nas(string text, string? shown, string? reason)
    {
        var network = SourceAddress.Parse(text, out var why);
        (network is { } found ? SourceAddress.Show(found) : null).ShouldBe(shown);
        if (reason is null)
        {
            why.ShouldBeNull();
        }
        else
        {
            why.ShouldNotBeNull().ShouldContain(reason);
        }
    }

    [Theory]
    [InlineData("12345678", null)]
    [InlineData("1234567", "too_short")]
    [InlineData("", "required")]
    [InlineData(null, "required")]
    [InlineData(" leading-space", "bad_character")]
    [InlineData("new\nline-here", "bad_character")]
    public void Secrets_of_a_nas(string? secret, string? code)
    {
        var refusal = new NasFields("192.0.2.1", "n", Vendor: "Mikrotik", Secret: secret).Cleaned().Refusal(secretNeeded: true);
        (refusal?.Faults?.Single().Code).ShouldBe(code);
    }

    [Fact]
    public void A_nas_tells_all_its_faults_at_once() =>
        new NasFields("x", null, "", "foo", "short", 70000, MessageAuthenticatorPolicy: "maybe")
            .Cleaned()
            .Refusal(secretNeeded: true)!
            .Faults!.Select(f => f.Field)
            .ShouldBe(["shortname", "coa_port", "nasname", "vendor", "message_authenticator_policy", "secret"], ignoreOrder: true);

    [Theory]
    [InlineData(null, null, null, null, "")]
    [InlineData(200, 100, 50, 8, "")]
    [InlineData(99, 100, 50, 8, "download_burst_kbps:below_rate")]
    [InlineData(200, null, null, null, "upload_burst_kbps:required")]
    [InlineData(null, null, 50, null, "burst_threshold_percent:without_burst")]
    [InlineData(200, 100, 101, 0, "burst_threshold_percent:out_of_range burst_time_seconds:out_of_range")]
    public void Bursts(int? down, int? up, int? threshold, int? time, string expected)
    {
        var fields = new ProfileFields("p", 100, 100, null, down, up, threshold, time);
        string.Join(' ', fields.Cleaned().Refusal()?.Faults?.Select(f => $"{f.Field}:{f.Code}") ?? []).ShouldBe(expected);
    }

    private static string[] Faulty(SubscriberFields fields) =>
        [.. (fields.Cleaned().Read(passwordNeeded: true).Error?.Faults ?? []).Select(f => f.Field).Distinct()];

    private static string? Code(Faults faults) => faults.Error?.Faults!.Single().Code;
}
