using DotMac.Access.Quotas;
using DotMac.Access.Usage;
using DotMac.Contracts.Access;

namespace DotMac.Tests.Access;

/// <summary>What follows from a volume and its cap.</summary>
public sealed class QuotaTests
{
    private static readonly Guid Slow = Guid.CreateVersion7();
    private static readonly QuotaMark Throttled = new(false, Slow);
    private static readonly QuotaMark Blocked = new(true, null);

    private static QuotaReading Reading(
        long up,
        long down,
        long? cap = 1_000,
        string direction = "both",
        string action = "throttle",
        long bonus = 0,
        QuotaLevel known = QuotaLevel.Below,
        QuotaMark? mark = null
    ) => new(Guid.Empty, "bob", cap, direction, action, action == "throttle" ? Slow : null, up, down, bonus, known, mark);

    private static string Told(QuotaReading reading) => string.Join(' ', reading.Decide().Told.Select(t => t.GetType().Name));

    [Theory]
    [InlineData(400, 399, 0)]
    [InlineData(400, 400, 1)]
    [InlineData(400, 599, 1)]
    [InlineData(400, 600, 2)]
    [InlineData(long.MaxValue, long.MaxValue, 2)]
    public void Four_fifths_warn_and_the_whole_is_reached(long up, long down, int level) =>
        ((int)Reading(up, down).Decide().Level).ShouldBe(level);

    [Theory]
    [InlineData("up", 400)]
    [InlineData("down", 600)]
    [InlineData("both", 1_000)]
    public void The_direction_says_what_counts(string direction, long used) =>
        Reading(400, 600, direction: direction).UsedBytes.ShouldBe(used);

    [Fact]
    public void Reaching_the_cap_at_once_warns_and_throttles()
    {
        var outcome = Reading(0, 5_000).Decide();
        outcome.Mark.ShouldBe(Throttled);
        outcome.Told.Select(t => t.GetType()).ShouldBe([typeof(QuotaWarned), typeof(QuotaReached)]);
    }

    [Fact]
    public void What_was_told_is_not_told_again()
    {
        Told(Reading(0, 900, known: QuotaLevel.Warned)).ShouldBe("");
        Told(Reading(0, 5_000, known: QuotaLevel.Reached, mark: Throttled)).ShouldBe("");
        Told(Reading(0, 5_000, action: "notify", known: QuotaLevel.Reached)).ShouldBe("");
    }

    [Fact]
    public void A_top_up_lifts_the_limit()
    {
        var outcome = Reading(0, 1_000, bonus: 500, known: QuotaLevel.Reached, mark: Blocked).Decide();
        outcome.Mark.ShouldBeNull();
        outcome.Told.Single().ShouldBe(new QuotaRestored(Guid.Empty, "bob", WasBlocked: true));
    }

    [Fact]
    public void A_new_period_and_a_cap_taken_away_lift_the_limit()
    {
        Told(Reading(0, 0, mark: Throttled)).ShouldBe("QuotaRestored");
        Told(Reading(0, 5_000, cap: null, mark: Throttled)).ShouldBe("QuotaRestored");
    }

    [Fact]
    public void Another_action_takes_the_place_of_the_one_in_force() =>
        Told(Reading(0, 5_000, action: "block", known: QuotaLevel.Reached, mark: Throttled)).ShouldBe("QuotaReached");

    [Theory]
    [InlineData("2026-03-01", "2026-05-31", "2026-03-01", "2026-06-01")] // whole months alone
    [InlineData("2026-03-05", "2026-05-20", "2026-04-01", "2026-05-01")] // days around one month
    [InlineData("2026-11-01", "2026-11-21", "2026-11-01", "2026-12-01")] // this month so far is a whole one
    [InlineData("2026-03-05", "2026-03-09", null, null)] // days alone
    public void A_period_is_whole_months_between_days(string first, string last, string? months, string? until)
    {
        var parts = PeriodParts.Of(DateOnly.Parse(first), DateOnly.Parse(last), new DateOnly(2026, 11, 21));
        if (months is null)
        {
            (parts.FirstMonth, parts.DaysUntil, parts.DaysFrom).ShouldBe((parts.AfterMonths, DateOnly.Parse(first), DateOnly.Parse(first)));
            return;
        }

        parts.ShouldBe(new PeriodParts(DateOnly.Parse(months), DateOnly.Parse(until!), DateOnly.Parse(months), DateOnly.Parse(until!)));
    }
}
