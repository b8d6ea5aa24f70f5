using System.Collections.Frozen;
using DotMac.Access.Provisioning.Changes;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;

namespace DotMac.Tests.Provisioning;

/// <summary>An order needs the permission of everything that it touches, and no other.</summary>
public sealed class GrantTests
{
    private const string Radius = "isp.radius.write";
    private const string Pon = "isp.network.pon.write";
    private const string Cpe = "isp.cpe.write";

    private static readonly ChangeNetwork.Body Vlan = new(Vlan: new ChangeNetwork.Vlan(ServiceVlan: 100));
    private static readonly ChangeNetwork.Body Onu = new(OnuSerial: "ALCL12345678");
    private static readonly ChangeNetwork.Body Router = new(CpeMacAddress: "02:00:5e:10:00:01");
    private static readonly ChangeNetwork.Body All = Vlan with { OnuSerial = Onu.OnuSerial, CpeMacAddress = Router.CpeMacAddress };

    [Theory]
    [InlineData("vlan", "", Radius)]
    [InlineData("vlan", Radius, null)]
    [InlineData("vlan", Pon + " " + Cpe, Radius)]
    [InlineData("onu", Radius, Pon)]
    [InlineData("onu", Radius + " " + Cpe, Pon)]
    [InlineData("onu", Radius + " " + Pon, null)]
    [InlineData("router", Radius + " " + Pon, Cpe)]
    [InlineData("router", Radius + " " + Cpe, null)]
    [InlineData("all", Radius + " " + Pon, Cpe)]
    [InlineData("all", Radius + " " + Cpe, Pon)]
    [InlineData("all", Radius + " " + Pon + " " + Cpe, null)]
    public void A_change_of_network_needs_what_it_names(string what, string has, string? missing)
    {
        var asked = what switch
        {
            "vlan" => Vlan,
            "onu" => Onu,
            "router" => Router,
            _ => All,
        };
        Names(ChangeNetwork.Forbidden(asked, Of(has)), missing);
    }

    [Theory]
    [InlineData(Pon + " " + Cpe, Radius)]
    [InlineData(Radius, null)]
    public void A_change_of_plan_needs_the_subscriber(string has, string? missing) => Names(ChangePlan.Forbidden(Of(has)), missing);

    [Fact]
    public void The_platform_itself_may()
    {
        var platform = Caller.System(Guid.NewGuid(), "bulk");
        ChangeNetwork.Forbidden(All, platform).ShouldBeNull();
        ChangePlan.Forbidden(platform).ShouldBeNull();
    }

    private static void Names(Error? error, string? missing)
    {
        (error?.Kind, error?.Code).ShouldBe(missing is null ? (null, null) : (ErrorKind.Forbidden, "permission.missing"));
        (error?.Message ?? "").Contains(missing ?? "", StringComparison.Ordinal).ShouldBeTrue(error?.Message);
    }

    private static Caller Of(string has) =>
        new(Guid.NewGuid(), CallerKind.User, Guid.NewGuid(), "somebody", has.Split(' ').ToFrozenSet(StringComparer.Ordinal));
}
