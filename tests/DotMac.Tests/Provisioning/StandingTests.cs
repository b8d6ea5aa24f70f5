using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Access.Subscribers;
using DotMac.Contracts.Access;

namespace DotMac.Tests.Provisioning;

/// <summary>Status, enabled and suspended: every cell of the tables.</summary>
public sealed class StandingTests
{
    private static readonly SubscriberStatus[] Statuses = Enum.GetValues<SubscriberStatus>();
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Status, then whether it agrees with: neither, suspended, enabled, enabled and suspended.</summary>
    [Theory]
    [InlineData(SubscriberStatus.Pending, true, false, true, false)]
    [InlineData(SubscriberStatus.Active, false, false, true, false)]
    [InlineData(SubscriberStatus.Suspended, false, false, false, true)]
    [InlineData(SubscriberStatus.Disconnected, true, true, false, false)]
    [InlineData(SubscriberStatus.Terminated, true, false, false, false)]
    [InlineData(SubscriberStatus.Quarantined, true, true, false, false)]
    public void What_goes_together(SubscriberStatus status, bool neither, bool suspended, bool enabled, bool both)
    {
        new Standing(status, false, false).Agrees.ShouldBe(neither);
        new Standing(status, false, true).Agrees.ShouldBe(suspended);
        new Standing(status, true, false).Agrees.ShouldBe(enabled);
        new Standing(status, true, true).Agrees.ShouldBe(both);
    }

    [Fact]
    public void An_operator_changes_what_no_workflow_has_and_the_status_follows()
    {
        foreach (var from in All())
        {
            foreach (var (enabled, suspended) in Flags())
            {
                var asked = from.Asked(enabled, suspended);
                var mayBeAsked = from.Status is SubscriberStatus.Active or SubscriberStatus.Suspended or SubscriberStatus.Disconnected;
                var same = (enabled, suspended) == (from.Enabled, from.Suspended);
                asked.HasValue.ShouldBe(mayBeAsked || same, $"{from} asked {enabled} {suspended}");
                if (asked is { } to)
                {
                    to.Agrees.ShouldBeTrue($"{from} → {to}");
                    (to.Enabled, to.Suspended).ShouldBe((enabled, suspended));
                }
            }
        }
    }

    /// <summary>A row for each status, a letter for each status it may become: pending, active, suspended, disconnected, terminated, quarantined.</summary>
    [Theory]
    [InlineData(SubscriberStatus.Pending, "PA..T.")]
    [InlineData(SubscriberStatus.Active, "PASDTQ")]
    [InlineData(SubscriberStatus.Suspended, ".ASDTQ")]
    [InlineData(SubscriberStatus.Disconnected, ".ASDTQ")]
    [InlineData(SubscriberStatus.Terminated, "....T.")]
    [InlineData(SubscriberStatus.Quarantined, ".ASDTQ")]
    public void Ways_between_the_statuses(SubscriberStatus from, string row)
    {
        foreach (var standing in All().Where(s => s.Status == from))
        {
            foreach (var to in Statuses)
            {
                var moved = standing.Moved(to);
                moved.HasValue.ShouldBe(row[(int)to] != '.', $"{standing} → {to}");
                if (moved is { } result)
                {
                    result.Status.ShouldBe(to);
                    result.Agrees.ShouldBeTrue($"{standing} → {result}");
                }
            }
        }
    }

    [Fact]
    public void A_subscriber_is_never_between_two_standings()
    {
        var subscriber = New().AsPending();
        subscriber.Standing.ShouldBe(new Standing(SubscriberStatus.Pending, false, false));
        subscriber.Ask(true, false, null, Now)!.Code.ShouldBe("subscriber.not_in_service");
        subscriber.SetAccount(true).ShouldBeNull();
        subscriber.Standing.ShouldBe(new Standing(SubscriberStatus.Pending, true, false));
        subscriber.Move(SubscriberStatus.Suspended, Now)!.Code.ShouldBe("subscriber.transition_refused");
        subscriber.Move(SubscriberStatus.Active, Now).ShouldBeNull();
        subscriber.ActivatedAt.ShouldBe(Now);
        subscriber.SetAccount(false)!.Code.ShouldBe("subscriber.transition_refused");
        subscriber.SetSuspended(true, "unpaid", null, Now).ShouldBeNull();
        (subscriber.Status, subscriber.SuspendedAt, subscriber.SuspensionReason).ShouldBe((SubscriberStatus.Suspended, Now, "unpaid"));
        subscriber.Ask(false, true, "unpaid", Now.AddDays(1)).ShouldBeNull();
        (subscriber.Status, subscriber.SuspendedAt).ShouldBe((SubscriberStatus.Disconnected, Now));
        subscriber.Move(SubscriberStatus.Terminated, Now.AddDays(2)).ShouldBeNull();
        (subscriber.Suspended, subscriber.SuspensionReason, subscriber.TerminatedAt).ShouldBe((false, null, Now.AddDays(2)));
        subscriber.Move(SubscriberStatus.Active, Now)!.Code.ShouldBe("subscriber.transition_refused");
    }

    [Theory]
    [InlineData(SubscriberStatus.Pending, "login.pending")]
    [InlineData(SubscriberStatus.Active, "accepted")]
    [InlineData(SubscriberStatus.Suspended, "accepted")]
    [InlineData(SubscriberStatus.Disconnected, "accepted")]
    [InlineData(SubscriberStatus.Terminated, "login.terminated")]
    [InlineData(SubscriberStatus.Quarantined, "login.quarantined")]
    public void Radius_says_why_a_status_is_refused(SubscriberStatus status, string code)
    {
        // Enabled all the same: the status alone refuses.
        var login = new Login
        {
            TenantId = Guid.NewGuid(),
            SubscriberId = Guid.NewGuid(),
            Username = "u",
            Password = "secret"u8.ToArray(),
            Status = status,
        };
        var facts = new AccessRequestFacts { HasUsername = true, Credentials = Credentials.OfClearText(login.Password) };
        Decision.Admit(facts, login, out _).Code.ShouldBe(code);
    }

    private static IEnumerable<(bool Enabled, bool Suspended)> Flags() => [(false, false), (false, true), (true, false), (true, true)];

    private static IEnumerable<Standing> All() =>
        from status in Statuses
        from flags in Flags()
        let standing = new Standing(status, flags.Enabled, flags.Suspended)
        where standing.Agrees
        select standing;

    private static Subscriber New() =>
        new()
        {
            TenantId = Guid.NewGuid(),
            Id = Guid.NewGuid(),
            SubscriberNumber = "S-1",
            Username = "u",
            Password = [],
            SimultaneousUse = 1,
            CreatedAt = Now,
            UpdatedAt = Now,
        };
}
