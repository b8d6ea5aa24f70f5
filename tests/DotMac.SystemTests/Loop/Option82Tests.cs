using System.Text;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Loop;

/// <summary>Option 82 as a real relay writes it, octet by octet in an Access-Request, held against the line that the subscriber has.</summary>
public sealed class Option82Tests(LoopFixture host) : IClassFixture<LoopFixture>
{
    private const uint AdslForum = 3561;
    private const uint Erx = 4874;
    private const uint Nokia = 6527;

    [MachineFact("kea-dhcp4", "dhcrelay", "dhclient")]
    public async Task A_login_is_taken_from_its_own_port_of_a_real_relay_and_from_no_other()
    {
        // The third port's name is no printable text: octets 01 06 c3 a9 70 37.
        const string binary = "\u0001\u0006\u00e9p7";
        await using var access = await DhcpAccess.StartAsync("pon-0.1.4", "pon-0.1.5", binary);
        var first = await access.LeaseAsync("pon-0.1.4");
        var second = await access.LeaseAsync("pon-0.1.5");
        var third = await access.LeaseAsync(binary);
        Encoding.ASCII.GetString(first.CircuitId).ShouldBe("pon-0.1.4", "the relay names its port");
        Convert.ToHexStringLower(third.CircuitId).ShouldBe("0106c3a97037");

        var nas = await host.NasAsync();
        var text = await host.LineAsync("pon-0.1.4");
        var octets = await host.LineAsync("0x0106c3a97037");
        string[] expected =
        [
            .. await FromAsync(nas, text, own: first, other: second),
            .. await FromAsync(nas, octets, own: third, other: first),
        ];

        (await host.DecisionsAsync(nas, expected.Length)).ShouldBe(expected);
    }

    /// <summary>In each way that a NAS may carry it: accepted from the own line, refused from another; refused without any.</summary>
    /// <returns>The reasons that are to be noted, in order.</returns>
    private static async Task<IReadOnlyList<string>> FromAsync(TestNas nas, TestSubscriber who, Lease own, Lease other)
    {
        var reasons = new List<string>();
        foreach (var carry in new Action<RequestBuilder, Lease>[] { AsCircuitId, AsOption82, AsDhcpOptions })
        {
            await AskAsync(lease: own, carry, PacketCode.AccessAccept, "accepted");
            await AskAsync(lease: other, carry, PacketCode.AccessReject, "option82.mismatch");
        }

        await AskAsync(lease: own, (_, _) => { }, PacketCode.AccessReject, "option82.missing");
        return reasons;

        async Task AskAsync(Lease lease, Action<RequestBuilder, Lease> carry, PacketCode answer, string reason)
        {
            var request = new RequestBuilder(PacketCode.AccessRequest)
                .WithMessageAuthenticator()
                .Add("User-Name", who.Username)
                .UserPassword(who.Password);
            carry(request, lease);
            (await nas.SendAsync(request)).Code.ShouldBe(answer, $"{carry.Method.Name}, {Convert.ToHexStringLower(lease.RelayAgent)}");
            reasons.Add(reason);
        }
    }

    private static void AsCircuitId(RequestBuilder request, Lease lease) => request.AddVendor(AdslForum, 1, lease.CircuitId);

    private static void AsOption82(RequestBuilder request, Lease lease) => request.AddVendor(Erx, 159, lease.RelayAgent);

    /// <summary>Among other DHCP options: the message type stands before it.</summary>
    private static void AsDhcpOptions(RequestBuilder request, Lease lease) =>
        request.AddVendor(Nokia, 102, [53, 1, 1, 82, (byte)lease.RelayAgent.Length, .. lease.RelayAgent, 255]);
}
