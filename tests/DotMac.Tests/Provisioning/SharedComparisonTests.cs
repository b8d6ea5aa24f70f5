using System.Diagnostics;
using DotMac.Access.Provisioning.Reconciliation;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;

namespace DotMac.Tests.Provisioning;

/// <summary>Which of the lines that share something is told to take another, and which keeps it.</summary>
public sealed class SharedComparisonTests
{
    private static readonly Guid Here = Guid.NewGuid();
    private static readonly Guid There = Guid.NewGuid();

    [Fact]
    public void The_holder_of_the_plan_keeps_a_pair_then_the_one_in_service_then_the_elder()
    {
        Found(Line(1), Line(2)).ShouldBe(["2 with 1"]);
        Found(Line(1), Line(2, served: true)).ShouldBe(["1 with 2"]);
        Found([Vlan(1)], Line(1), Line(2, served: true)).ShouldBe(["2 with 1"]);
    }

    [Fact]
    public void Sites_are_apart_and_who_names_none_stands_at_each()
    {
        Found(Line(1, Here), Line(2, There)).ShouldBeEmpty();
        Found(Line(1, Here), Line(2, There), Line(3, Here), Line(4, There)).ShouldBe(["3 with 1", "4 with 2"]);
        Found(Line(1, Here), Line(2, There), Line(3)).ShouldBe(["3 with 1"]);
        Found(Line(1), Line(2, Here), Line(3, There)).ShouldBe(["2 with 1", "3 with 1"]);
    }

    [Fact]
    public void Of_prefixes_that_lie_in_one_another_each_is_told_with_the_one_around_it()
    {
        var lines = new[]
        {
            Delegated(1, "2001:db8:100::/56"),
            Delegated(2, "2001:db8:100:80::/60"),
            Delegated(3, "2001:db8:100:8f::/64"),
            Delegated(4, "2001:db8:100:90::/60"),
            Delegated(5, "2001:db8:100:100::/56"),
            Delegated(6, "2001:db8:100:180::/64"),
        };
        Found(lines).Order(StringComparer.Ordinal).ShouldBe(["2 with 1", "3 with 2", "4 with 1", "6 with 5"]);
    }

    /// <summary>However many have the same: nothing grows with the square of the lines.</summary>
    [Fact]
    public void Tens_of_thousands_of_lines_are_compared_at_once()
    {
        var lines = Enumerable
            .Range(1, 60_000)
            .Select(n => Line(n, n % 2 == 0 ? Here : Guid.NewGuid(), inner: 7, delegated: $"2001:db8:{n / 256:x}:{n % 256:x}00::/56"))
            .ToArray();
        var watch = Stopwatch.StartNew();
        Found(lines).Count().ShouldBe(29_999);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10), "seconds, where comparing each with each takes hours");
    }

    private static IEnumerable<string> Found(params WantedLine[] lines) => Found([], lines);

    private static IEnumerable<string> Found(Holdings[] holdings, params WantedLine[] lines)
    {
        var picture = new Picture(
            lines.ToDictionary(l => l.Id),
            holdings,
            null,
            [],
            [],
            [],
            new Dictionary<Guid, Guid>(),
            new HashSet<Guid>()
        );
        return SharedComparison.Of(picture).Select(f => $"{f.SubjectLabel} with {picture.Lines[f.Facts.OtherId!.Value].Number}");
    }

    private static Guid IdOf(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private static Holdings Vlan(int owner) => new(IdOf(owner), [], [new HeldVlan("key", IdOf(owner), 900, 10, null)]);

    private static WantedLine Delegated(int number, string prefix) => Line(number, inner: null, delegated: prefix);

    private static WantedLine Line(int number, Guid? site = null, bool served = false, short? inner = 10, string? delegated = null) =>
        new()
        {
            Id = IdOf(number),
            Number = $"{number}",
            Username = $"{number}@isp",
            Status = SubscriberStatus.Active,
            CreatedAt = DateTimeOffset.UnixEpoch.AddDays(number),
            HasProfile = true,
            ServiceVlan = 900,
            InnerVlan = inner,
            InnerInForce = inner,
            SiteId = site,
            DelegatedPrefix = delegated,
            IsServed = served,
        };
}
