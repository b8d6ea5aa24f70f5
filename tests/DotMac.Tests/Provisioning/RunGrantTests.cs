using System.Reflection;
using System.Runtime.CompilerServices;
using DotMac.Access;
using DotMac.Access.Provisioning.Changes;
using DotMac.Access.Provisioning.Deprovision;
using DotMac.Access.Provisioning.Onus;
using DotMac.Access.Provisioning.Provision;
using DotMac.Access.Provisioning.Reconciliation;
using DotMac.Access.Provisioning.Runs;
using DotMac.Access.Provisioning.Suspensions;
using DotMac.Contracts.Access;
using DotMac.Kernel.Sagas;

namespace DotMac.Tests.Provisioning;

/// <summary>Whoever steers a run needs what its order needed.</summary>
public sealed class RunGrantTests
{
    private const string Radius = "isp.radius.write";
    private const string Sessions = "isp.radius.sessions.manage";
    private const string Ipam = "isp.ipam.write";
    private const string Pon = "isp.network.pon.write";
    private const string Cpe = "isp.cpe.write";
    private static readonly string[] All = [Radius, Sessions, Ipam, Pon, Cpe];

    [Theory]
    [InlineData(null, null, null, Radius)]
    [InlineData("ALCL12345678", null, null, Radius + " " + Pon)]
    [InlineData(null, "02:00:5e:10:00:01", null, Radius + " " + Cpe)]
    [InlineData(null, null, "home", Radius + " " + Cpe)]
    [InlineData("ALCL12345678", "02:00:5e:10:00:01", "home", Radius + " " + Pon + " " + Cpe)]
    public void An_order_as_what_it_makes(string? onu, string? router, string? wifi, string needed) =>
        Needed(
                new ProvisionState
                {
                    SubscriberId = Guid.Empty,
                    ServiceId = Guid.Empty,
                    PlanId = Guid.Empty,
                    Username = "ada",
                    Password = [],
                    Line = new LineOrder(null, null),
                    OnuSerial = onu,
                    CpeMacAddress = router,
                    WifiSsid = wifi,
                }
            )
            .ShouldBe(needed);

    [Theory]
    [InlineData(null, null, Radius)]
    [InlineData("ALCL12345678", null, Radius + " " + Pon)]
    [InlineData("ALCL12345678", "02:00:5e:10:00:01", Radius + " " + Pon + " " + Cpe)]
    public void A_change_of_network_as_what_it_names(string? onu, string? router, string needed) =>
        Needed(
                new NetworkChange
                {
                    SubscriberId = Guid.Empty,
                    Number = "S-1",
                    Holder = Guid.Empty,
                    OnuSerial = onu,
                    CpeMacAddress = router,
                }
            )
            .ShouldBe(needed);

    [Theory]
    [InlineData(false, Radius)]
    [InlineData(true, Radius + " " + Pon)]
    [InlineData(null, Radius + " " + Pon)]
    public void An_end_needs_the_olts_unless_there_is_known_to_be_no_onu(bool? hasOnu, string needed) =>
        Needed(
                new DeprovisionState
                {
                    SubscriberId = Guid.Empty,
                    ServiceId = Guid.NewGuid(),
                    Username = "ada",
                    Number = "S-1",
                    HasOnu = hasOnu,
                }
            )
            .ShouldBe(needed);

    [Fact]
    public void A_suspension_a_plan_an_onu_and_a_repair_as_their_kind()
    {
        Needed(Empty<AccessChange>()).ShouldBe(Sessions);
        Needed(Empty<PlanChange>()).ShouldBe(Radius);
        Needed(Empty<AttachState>()).ShouldBe(Pon + " " + Radius);
        Needed(Repair(FindingKind.OnuDiffers)).ShouldBe(Pon);
        Needed(Repair(FindingKind.LeakedAddress)).ShouldBe(Ipam);
        Needed(Repair(FindingKind.SessionWithoutRight)).ShouldBe(Sessions);
    }

    [Fact]
    public void What_is_not_known_may_be_anything_and_other_groups_upkeep_touches_no_line()
    {
        RunGrants.Of(null).ShouldBe(All);
        RunGrants.Of(new Strange()).ShouldBeEmpty();
    }

    [Fact]
    public void Every_definition_of_the_group_is_known()
    {
        var states = typeof(AccessModule)
            .Assembly.GetTypes()
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(f => f.FieldType == typeof(SagaDefinition))
            .Select(f => ((SagaDefinition)f.GetValue(null)!).State)
            .Distinct()
            .ToList();
        states.Count.ShouldBeGreaterThan(5);
        states.Where(s => RunGrants.Of(RuntimeHelpers.GetUninitializedObject(s)).Length == All.Length).ShouldBeEmpty();
    }

    private static string Needed(object state) => string.Join(' ', RunGrants.Of(state).Where(g => g is not null));

    private static object Empty<T>() => RuntimeHelpers.GetUninitializedObject(typeof(T));

    private static RepairState Repair(FindingKind kind) =>
        new()
        {
            FindingId = Guid.Empty,
            Kind = kind,
            Fingerprint = "",
            SubjectId = Guid.Empty,
            Label = "",
            Facts = (FindingFacts)Empty<FindingFacts>(),
        };

    private sealed record Strange;
}
