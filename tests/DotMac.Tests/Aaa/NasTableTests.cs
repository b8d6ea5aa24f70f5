using System.Net;
using System.Text;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;
using DotMac.Radius.Client;
using DotMac.Radius.Server;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Aaa;

public class NasTableTests
{
    private static NasEntry Nas(string source, string name, string? identifier = null, bool enabled = true) =>
        new()
        {
            TenantId = Guid.Empty,
            Id = Guid.NewGuid(),
            Shortname = name,
            Source = source.Contains('/', StringComparison.Ordinal)
                ? IPNetwork.Parse(source)
                : new IPNetwork(IPAddress.Parse(source), source.Contains(':', StringComparison.Ordinal) ? 128 : 32),
            Secret = [1],
            NasIdentifier = identifier,
            Enabled = enabled,
        };

    private static string? Find(NasTable table, string from, string? identifier = null)
    {
        var request = new RequestBuilder(PacketCode.AccessRequest);
        if (identifier is not null)
        {
            request.Add(AttributeType.NasIdentifier, Encoding.UTF8.GetBytes(identifier));
        }

        PacketView.TryParse(request.Build("s"u8), out var packet, out _).ShouldBeTrue();
        return table.Find(new RemotePeer(IPAddress.Parse(from), 40_000), packet)?.Shortname;
    }

    [Theory]
    [InlineData("10.0.0.1", "exact")]
    [InlineData("10.0.0.2", "narrow")]
    [InlineData("10.9.0.1", "wide")]
    [InlineData("192.0.2.1", null)]
    [InlineData("::ffff:10.0.0.1", "exact")]
    [InlineData("2001:db8::5", "six")]
    [InlineData("2001:db8:0:1::1", null)]
    [InlineData("10.0.0.77", "narrow")]
    public void The_exact_address_wins_then_the_longest_network(string from, string? expected) =>
        Find(
                new NasTable([
                    Nas("10.0.0.0/8", "wide"),
                    Nas("10.0.0.0/24", "narrow"),
                    Nas("10.0.0.1", "exact"),
                    Nas("2001:db8::/64", "six"),
                    Nas("10.0.0.77", "off", enabled: false),
                ]),
                from
            )
            .ShouldBe(expected);

    [Theory]
    [InlineData("a", "first")]
    [InlineData("b", "second")]
    [InlineData("c", "rest")]
    [InlineData(null, "rest")]
    public void Several_behind_one_address_are_told_apart_by_nas_identifier(string? identifier, string expected) =>
        Find(new NasTable([Nas("10.0.0.1", "first", "a"), Nas("10.0.0.1", "second", "b"), Nas("10.0.0.1", "rest")]), "10.0.0.1", identifier)
            .ShouldBe(expected);

    [Fact]
    public void A_nas_known_by_its_identifier_alone_must_say_it() =>
        Find(new NasTable([Nas("10.0.0.1", "first", "a")]), "10.0.0.1").ShouldBeNull();

    [Fact]
    public void Under_policy_auto_a_signature_is_demanded_after_sixteen_signed_requests_in_a_row()
    {
        var nas = Nas("10.0.0.1", "x") with { Policy = MessageAuthenticatorPolicy.Auto };
        for (var i = 1; i < SigningHabit.Enough; i++)
        {
            nas.Signing.Saw(signed: true);
        }

        nas.RequiresSignature.ShouldBeFalse();
        nas.Signing.Saw(signed: false);
        nas.Signing.Saw(signed: true);
        nas.RequiresSignature.ShouldBeFalse();
        for (var i = 1; i < SigningHabit.Enough; i++)
        {
            nas.Signing.Saw(signed: true);
        }

        nas.RequiresSignature.ShouldBeTrue();
        nas.Signing.Saw(signed: false);
        nas.RequiresSignature.ShouldBeTrue();
        (nas with { Policy = MessageAuthenticatorPolicy.Ignore }).RequiresSignature.ShouldBeFalse();
    }
}
