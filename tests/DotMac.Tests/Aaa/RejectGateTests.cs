using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Aaa;

/// <summary>Who is rejected again and again waits, is noted less, and at last is not judged at all; who gets in is free again.</summary>
public sealed class RejectGateTests
{
    private const int Limit = 4;
    private static readonly NasEntry Nas = new()
    {
        TenantId = Guid.NewGuid(),
        Id = Guid.NewGuid(),
        Shortname = "bng",
        Source = System.Net.IPNetwork.Parse("192.0.2.1/32"),
        Secret = "secret"u8.ToArray(),
    };

    private readonly RejectGate gate = new(Limit);

    [Fact]
    public void Up_to_the_limit_nothing_is_different()
    {
        for (var i = 0; i < Limit; i++)
        {
            Reject("bob", "aa", 1_000).ShouldBe(new RejectGate.Way(Delayed: false, Noted: true));
        }

        Flood("bob", "aa", 1_000).ShouldBeFalse();
    }

    [Fact]
    public void Beyond_it_answers_wait_and_only_doublings_are_noted()
    {
        var noted = new List<int>();
        for (var i = 1; i <= 40; i++)
        {
            var way = Reject("bob", "aa", 1_000);
            way.Delayed.ShouldBe(i > Limit);
            if (i > Limit && way.Noted)
            {
                noted.Add(i);
            }
        }

        noted.ShouldBe([8, 16, 32]);
    }

    [Fact]
    public void A_station_with_a_new_name_each_time_is_known_by_its_station()
    {
        for (var i = 0; i < Limit; i++)
        {
            Reject($"name-{i}", "aa", 1_000);
        }

        Reject("another", "aa", 1_000).Delayed.ShouldBeTrue();
        Reject("another", "bb", 1_000).Delayed.ShouldBeFalse();
    }

    [Fact]
    public void Five_in_a_second_are_judged_and_the_sixth_is_not()
    {
        for (var i = 0; i <= Limit; i++)
        {
            Reject("bob", "aa", 1_000);
        }

        var answers = Enumerable.Range(0, 8).Select(_ => Flood("bob", "aa", 2_000)).ToList();
        answers.ShouldBe([false, false, false, false, false, true, true, true]);
        Flood("bob", "aa", 3_000).ShouldBeFalse("another second");
        Flood("alice", "cc", 2_000).ShouldBeFalse("somebody else");
    }

    [Fact]
    public void An_accept_or_a_minute_ends_it()
    {
        for (var i = 0; i <= Limit; i++)
        {
            Reject("bob", "aa", 1_000);
        }

        gate.Accepted(Nas, Packet("bob", "aa"), 1_500);
        Reject("bob", "aa", 1_600).Delayed.ShouldBeFalse();
        for (var i = 0; i <= Limit; i++)
        {
            Reject("carol", "dd", 1_000);
        }

        Reject("carol", "dd", 61_001).Delayed.ShouldBeFalse();
    }

    [Fact]
    public void Nought_turns_it_off()
    {
        var off = new RejectGate(0);
        for (var i = 0; i < 100; i++)
        {
            off.Rejected(Nas, Packet("bob", "aa"), 1_000).ShouldBe(new RejectGate.Way(Delayed: false, Noted: true));
        }

        off.IsFlood(Nas, Packet("bob", "aa"), 1_000).ShouldBeFalse();
    }

    private RejectGate.Way Reject(string name, string station, long now) => gate.Rejected(Nas, Packet(name, station), now);

    private bool Flood(string name, string station, long now) => gate.IsFlood(Nas, Packet(name, station), now);

    private static PacketView Packet(string name, string station)
    {
        var bytes = new RequestBuilder(PacketCode.AccessRequest)
            .Add("User-Name", name)
            .Add("Calling-Station-Id", station)
            .UserPassword("x")
            .Build(Nas.Secret);
        PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();
        return packet;
    }
}
