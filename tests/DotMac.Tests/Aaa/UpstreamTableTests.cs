using System.Net;
using DotMac.Access.Aaa.Proxy;

namespace DotMac.Tests.Aaa;

/// <summary>Which upstream takes which user.</summary>
public sealed class UpstreamTableTests
{
    private static readonly Guid Tenant = Guid.NewGuid();

    [Theory]
    [InlineData("u@partner.example", false, "partner-first partner-second")]
    [InlineData("u@PARTNER.example", false, "partner-first partner-second")]
    [InlineData("a@b@partner.example", false, "partner-first partner-second")]
    [InlineData("u@elsewhere", false, "rest")]
    [InlineData("u@", false, "rest")]
    [InlineData("plain", false, "")]
    [InlineData("plain", true, "eap")]
    [InlineData("u@partner.example", true, "partner-second")]
    [InlineData("u@elsewhere", true, "eap")]
    public void A_realm_finds_its_upstreams(string username, bool eap, string expected)
    {
        var table = new UpstreamTable([
            Entry("partner-second", 20, eap: true, "partner.example"),
            Entry("rest", 10, eap: false, "*"),
            Entry("partner-first", 10, eap: false, "partner.example"),
            Entry("eap", 10, eap: true),
        ]);
        string.Join(' ', table.Route(Tenant, username, eap).Select(u => u.Name)).ShouldBe(expected);
        table.Route(Guid.NewGuid(), username, eap).ShouldBeEmpty("another tenant's upstreams");
    }

    [Fact]
    public void Servers_are_written_and_read_alike()
    {
        foreach (var text in (string[])["192.0.2.1:1812/1813", "[2001:db8::1]:11812/11813"])
        {
            UpstreamServer.Parse(text)!.ToString().ShouldBe(text);
        }

        UpstreamServer.Parse("example.net:1812/1813").ShouldBeNull();
        UpstreamServer.Parse("192.0.2.1").ShouldBeNull();
    }

    private static UpstreamEntry Entry(string name, int priority, bool eap, params string[] realms) =>
        new()
        {
            TenantId = Tenant,
            Id = Guid.NewGuid(),
            Name = name,
            Servers = [new UpstreamServer(IPAddress.Loopback, 1812, 1813)],
            Secret = "x"u8.ToArray(),
            Realms = realms,
            Eap = eap,
            Priority = priority,
        };
}
