using System.Text;
using DotMac.Access;
using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Aaa;

/// <summary>Where a line's ids stand in a packet, and the table of results by policies; each from octets as a NAS would send them.</summary>
public class Option82Tests
{
    private const uint AdslForum = 3561;
    private static readonly byte[] Secret = "shared-secret"u8.ToArray();

    /// <summary>Configured circuit and remote, asked circuit and remote; then result, and per policy whether it is accepted.</summary>
    public static TheoryData<string?, string?, string?, string?, string, bool, bool> Table =>
        new()
        {
            // configured      asked              result        enforce log
            { "c1", "r1", "c1", "r1", "match", true, true },
            { "c1", null, "c1", "other", "match", true, true },
            { "c1", null, "c1", null, "match", true, true },
            { null, "r1", "other", "r1", "match", true, true },
            { "c1", "r1", "c2", "r1", "mismatch:circuit_id", false, true },
            { "c1", "r1", "c1", "r2", "mismatch:remote_id", false, true },
            { "c1", "r1", "c2", "r2", "mismatch:circuit_id,remote_id", false, true },
            { "c1", "r1", "c1", null, "mismatch:remote_id", false, true },
            { "c1", null, null, "r1", "mismatch:circuit_id", false, true },
            { "c1", null, "C1", null, "mismatch:circuit_id", false, true },
            { "c1", null, "c1 ", null, "mismatch:circuit_id", false, true },
            { "c1", "r1", null, null, "missing", false, true },
            { null, "r1", null, null, "missing", false, true },
            { null, null, "c1", "r1", "no_profile", true, true },
            { null, null, null, null, "no_profile", true, true },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public void Results_by_policies(
        string? circuit,
        string? remote,
        string? asksCircuit,
        string? asksRemote,
        string result,
        bool enforce,
        bool log
    )
    {
        foreach (
            var (policy, accepted) in new[] { (Option82Policy.Enforce, enforce), (Option82Policy.Log, log), (Option82Policy.Ignore, true) }
        )
        {
            var login = Bob(circuit, remote, policy);
            var verdict = Judge(login, Asking(asksCircuit, asksRemote), out var line);
            var expected = policy == Option82Policy.Ignore && result != "no_profile" ? "ignored" : result;
            Shown(line).ShouldBe(expected, $"{policy}");
            verdict.Accepted.ShouldBe(accepted, $"{policy}");
            verdict.Code.ShouldBe(accepted ? "accepted" : "option82." + result.Split(':')[0], $"{policy}");
            if (line.IsFault)
            {
                verdict.Data.ShouldBe(
                    new VerdictData
                    {
                        Policy = Words.Of(policy),
                        ExpectedCircuitId = circuit,
                        ActualCircuitId = asksCircuit,
                        ExpectedRemoteId = remote,
                        ActualRemoteId = asksRemote,
                    }
                );
            }
            else
            {
                verdict.ShouldBeSameAs(Verdict.Accept, "nothing is made for a match");
            }
        }
    }

    public static TheoryData<string, string, string?, string?> Carriers =>
        new()
        {
            // name, vendor.type=hex …, circuit, remote
            { "ADSL-Forum (RFC 4679)", "3561.1=6f6c7431 3561.2=637065", "olt1", "cpe" },
            { "ADSL-Forum, binary", "3561.1=0004012c0102 3561.2=0006aabbccddeeff", "0004012c0102", "0006aabbccddeeff" },
            { "ADSL-Forum, each inside its sub-option", "3561.1=01046f6c7431 3561.2=0203637065", "olt1", "cpe" },
            { "ADSL-Forum, all of Option 82 in one", "3561.1=01046f6c74310203637065", "olt1", null },
            { "ADSL-Forum, Option 82 with its code", "3561.1=520b01046f6c74310203637065", "olt1", null },
            { "Cisco-AVPair", "9.1=" + Hex("circuit-id-tag=olt1") + " 9.1=" + Hex("remote-id-tag=cpe"), "olt1", "cpe" },
            { "Cisco-AVPair, others between", "9.1=" + Hex("ip:addr-pool=x") + " 9.1=" + Hex("circuit-id-tag=olt1"), "olt1", null },
            { "ERX Acc-Loop", "4874.110=6f6c7431 4874.182=637065", "olt1", "cpe" },
            { "ERX-Dhcp-Option-82", "4874.159=01046f6c74310203637065", "olt1", "cpe" },
            { "ERX-Dhcp-Options", "4874.55=350101" + "520b01046f6c74310203637065" + "ff", "olt1", "cpe" },
            { "Alc-ToServer-Dhcp-Options", "6527.102=350101" + "00" + "520b01046f6c74310203637065", "olt1", "cpe" },
            { "Redback", "2352.97=6f6c7431 2352.96=637065", "olt1", "cpe" },
            {
                "the first of the order wins, wherever it stands",
                "4874.110=6e6f 9.1=" + Hex("circuit-id-tag=no") + " 3561.1=796573",
                "yes",
                null
            },
            { "each id by itself", "3561.1=6f6c7431 9.1=" + Hex("remote-id-tag=cpe"), "olt1", "cpe" },
            { "an empty one is none", "3561.1= 4874.110=6f6c7431", "olt1", null },
            { "Option 82 that is not a list", "4874.159=6f6c7431", null, null },
            { "options that end too early", "4874.55=3501", null, null },
            { "nobody's", "14988.1=6f6c7431 311.1=637065", null, null },
        };

    [Theory]
    [MemberData(nameof(Carriers))]
    public void Ids_are_read_from_what_access_nodes_send(string name, string attributes, string? circuit, string? remote)
    {
        var request = new RequestBuilder(PacketCode.AccessRequest).Add(AttributeType.UserName, "bob");
        foreach (var attribute in attributes.Split(' '))
        {
            var (key, hex) = (attribute.Split('=')[0].Split('.'), attribute.Split('=')[1]);
            request.AddVendor(uint.Parse(key[0]), byte.Parse(key[1]), Convert.FromHexString(hex));
        }

        PacketView.TryParse(request.Build(Secret), out var packet, out _).ShouldBeTrue(name);
        var ids = LineIds.Of(packet);
        (ids.Circuit.IsEmpty ? null : LineId.Of(ids.Circuit)).ShouldBe(circuit, name);
        (ids.Remote.IsEmpty ? null : LineId.Of(ids.Remote)).ShouldBe(remote, name);
    }

    [Fact]
    public void The_walled_garden_does_not_open_another_line()
    {
        var paused = Bob("c1", null, Option82Policy.Enforce) with { Suspended = true, WalledGardenFilterId = "garden" };
        Judge(paused, Asking("c1", null), out _).Code.ShouldBe("accepted.walled_garden");
        Judge(paused, Asking("c2", null), out _).Code.ShouldBe("option82.mismatch");
        Judge(paused with { WalledGardenFilterId = null }, Asking("c2", null), out var line).Code.ShouldBe("login.suspended");
        line.Result.ShouldBe(Option82Result.NotChecked);
    }

    [Fact]
    public void Too_many_sessions_say_so_with_the_numbers_and_the_place()
    {
        var login = Bob("c1", null, Option82Policy.Log) with { SimultaneousUse = 2 };
        var verdict = Judge(login, Asking("c2", null), out var line, running: 3);
        verdict.Code.ShouldBe("sessions.too_many");
        verdict.Data!.Text.ShouldBe("policy=log expected_circuit_id=c1 actual_circuit_id=c2 limit=2 running=3");
        line.Result.ShouldBe(Option82Result.Mismatch);
    }

    [Fact]
    public void An_accept_allocates_nothing()
    {
        var login = Bob("0004012c0102", "cpe", Option82Policy.Enforce);
        var packet = new RequestBuilder(PacketCode.AccessRequest)
            .Add(AttributeType.UserName, "bob")
            .UserPassword("correct horse")
            .AddVendor(AdslForum, 1, [0, 4, 1, 0x2c, 1, 2])
            .AddVendor(AdslForum, 2, "cpe"u8)
            .Build(Secret);
        var counts = EnforcementMetrics.Of(login.TenantId);
        Accepts(login, packet, counts);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Accepts(login, packet, counts);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static void Accepts(Login login, byte[] octets, TenantEnforcement counts)
    {
        if (!PacketView.TryParse(octets, out var packet, out _))
        {
            throw new InvalidOperationException("malformed");
        }

        var verdict = Judge(login, packet, out var line);
        if (!ReferenceEquals(verdict, Verdict.Accept) || line.Result != Option82Result.Match)
        {
            throw new InvalidOperationException(verdict.Code);
        }

        counts.Decided(login, verdict.Accepted, line);
        EnforcementMetrics.Took(login.TenantId, verdict.Accepted, TimeSpan.FromMilliseconds(1));
    }

    private static Login Bob(string? circuit, string? remote, Option82Policy policy) =>
        new()
        {
            TenantId = Guid.NewGuid(),
            SubscriberId = Guid.NewGuid(),
            Username = "bob",
            Password = Encoding.UTF8.GetBytes("correct horse"),
            Line = circuit is null && remote is null ? null : new LineLock(circuit, remote, policy),
        };

    private static byte[] Asking(string? circuit, string? remote)
    {
        var request = new RequestBuilder(PacketCode.AccessRequest).Add(AttributeType.UserName, "bob").UserPassword("correct horse");
        if (circuit is not null)
        {
            request.AddVendor(AdslForum, 1, Encoding.ASCII.GetBytes(circuit));
        }

        if (remote is not null)
        {
            request.AddVendor(AdslForum, 2, Encoding.ASCII.GetBytes(remote));
        }

        return request.Build(Secret);
    }

    private static Verdict Judge(Login login, byte[] octets, out Option82Finding line, int running = 0)
    {
        PacketView.TryParse(octets, out var packet, out _).ShouldBeTrue();
        return Judge(login, packet, out line, running);
    }

    private static Verdict Judge(Login login, PacketView packet, out Option82Finding line, int running = 0) =>
        Decision.Decide(
            new AccessRequestFacts
            {
                HasUsername = true,
                Credentials = Credentials.Of(packet, Secret),
                RunningSessions = running,
                LineIds = LineIds.Of(packet),
            },
            login,
            out line
        );

    private static string Shown(Option82Finding line)
    {
        if (line.Result != Option82Result.Mismatch)
        {
            return Words.Of(line.Result);
        }

        string[] fields =
        [
            .. line.CircuitDiffers ? ["circuit_id"] : Array.Empty<string>(),
            .. line.RemoteDiffers ? ["remote_id"] : Array.Empty<string>(),
        ];
        return "mismatch:" + string.Join(',', fields);
    }

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.ASCII.GetBytes(text));
}
