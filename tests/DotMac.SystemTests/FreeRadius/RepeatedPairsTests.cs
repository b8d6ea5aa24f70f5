using System.Text;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.FreeRadius;

/// <summary>Cisco-AVPair stands twice in a reply, for each direction once: through FreeRADIUS both arrive, in their order.</summary>
public sealed class RepeatedPairsTests(FreeRadiusFixture host) : IClassFixture<FreeRadiusFixture>
{
    private const uint Cisco = 9;
    private const byte AvPair = 1;

    [PeerTheory("freeradius", "radclient")]
    [InlineData("rest")]
    [InlineData("sql")]
    public async Task Both_pairs_arrive(string way)
    {
        await host.EnableAsync(new { enabled = true, vendor = "cisco" });
        var nas = await host.NasAsync();
        await host.Admin.PatchAsync("/api/v1/radius/nas/" + nas.Id, new { vendor = "cisco" }).ShouldAsync(200);
        await host.SettleAsync();
        foreach (var (name, more, pairs) in Cases)
        {
            var profile = await host.ProfileAsync(50_000, 10_000, more);
            var user = await host.SubscriberAsync(new { bandwidth_profile_id = profile });
            await host.ProjectedAsync();
            var answer = await host.Way(way)
                .ExchangeAsync(
                    nas,
                    new RequestBuilder(PacketCode.AccessRequest)
                        .WithMessageAuthenticator()
                        .Add("User-Name", user.Username)
                        .UserPassword(user.Password)
                );
            answer.Code.ShouldBe(PacketCode.AccessAccept, name);
            answer.TryRead(out var packet).ShouldBeTrue();
            var said = new List<string>();
            foreach (var attribute in packet.VendorAttributes)
            {
                if (attribute.Vendor == Cisco && attribute.Type == AvPair)
                {
                    said.Add(Encoding.ASCII.GetString(attribute.Value));
                }
            }

            said.Count.ShouldBe(2, $"{way}, {name}: {string.Join(", ", said)}");
            said.Zip(pairs).ShouldAllBe(p => p.First.StartsWith(p.Second, StringComparison.Ordinal));
        }
    }

    private static readonly (string Name, object? More, string[] Pairs)[] Cases =
    [
        ("named", new { vendor_profile_name = "gold" }, ["subscriber:sub-qos-policy-in=gold", "subscriber:sub-qos-policy-out=gold"]),
        ("rates", null, ["ip:rate-limit=", "ip:rate-limit="]),
    ];
}
