using DotMac.Access.Aaa.Proxy;

namespace DotMac.Tests.Aaa;

/// <summary>What an upstream may say about who a user is.</summary>
public sealed class ProvenNameTests
{
    [Theory]
    [InlineData("bob@corp.example", "bob@corp.example", true)]
    [InlineData("bob@corp.example", "BOB@corp.example", true)]
    [InlineData("bob@corp.example", "bob", true)]
    [InlineData("bob@corp.example", "bo", false)]
    [InlineData("bob@corp.example", "alice", false)]
    [InlineData("bob", "bob@corp.example", false)]
    public void The_name_that_was_asked_is_known_with_its_realm_or_without(string asked, string proven, bool same) =>
        ProvenName.IsAsked(asked, proven).ShouldBe(same);

    [Theory]
    // An EAP server of our own, bound to no realm: it tells who is behind the outer name.
    [InlineData("", "anonymous", "alice", true, true)]
    [InlineData("", "anonymous@corp.example", "alice", true, true)]
    [InlineData("*", "anonymous", "alice", true, true)]
    // A partner's: his users are his own, whatever he says.
    [InlineData("partner.example", "anonymous@partner.example", "alice@partner.example", true, true)]
    [InlineData("partner.example", "anonymous@partner.example", "alice", true, false)]
    [InlineData("partner.example", "anonymous@partner.example", "alice@corp.example", true, false)]
    [InlineData("partner.example", "bob@partner.example", "alice", false, false)]
    [InlineData("partner.example", "bob@partner.example", "alice@PARTNER.example", false, true)]
    [InlineData("*", "bob@partner.example", "alice@corp.example", false, false)]
    public void An_upstream_speaks_for_its_own_realms_alone(string realms, string asked, string proven, bool eap, bool counts) =>
        ProvenName.Counts(Upstream(realms), asked, proven, eap).ShouldBe(counts);

    private static UpstreamEntry Upstream(string realms) =>
        new()
        {
            TenantId = Guid.NewGuid(),
            Id = Guid.NewGuid(),
            Name = "upstream",
            Servers = [],
            Secret = [],
            Realms = realms.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Eap = true,
        };
}
