using DotMac.Access.Provisioning.Suspensions;
using DotMac.Contracts.Access;
using FsCheck;
using FsCheck.Fluent;

namespace DotMac.Tests.Provisioning;

/// <summary>What a line should be, over arbitrary reasons, shields and policies.</summary>
public sealed class SuspensionDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly Config Repeatable = Config
        .QuickThrowOnFailure.WithMaxTest(2_000)
        .WithReplay(new Replay(new Rnd(20_261_121, 33), null));

    private static readonly Gen<SuspensionReason> Kinds = Gen.Elements(Enum.GetValues<SuspensionReason>());
    private static readonly Gen<bool> Coin = ArbMap.Default.GeneratorFor<bool>();
    private static readonly Gen<DateTimeOffset> Times = Gen.Choose(-5, 5).Select(h => Now.AddHours(h));
    private static readonly Gen<DateTimeOffset?> Ends = Gen.OneOf(
        Times.Select(t => (DateTimeOffset?)t),
        Gen.Constant((DateTimeOffset?)null)
    );

    private static readonly Gen<RecordedReason> Reasons =
        from kind in Kinds
        from starts in Times
        from until in Ends
        from evidence in Coin
        from inForce in Coin
        select new RecordedReason(kind, starts, until, evidence, inForce);

    private static readonly Gen<RecordedShield> Shields =
        from kind in Gen.Elements(Enum.GetValues<ShieldKind>())
        from holds in Kinds.ListOf()
        from starts in Times
        from until in Ends
        select new RecordedShield(kind, holds.ToHashSet(), starts, until);

    private static readonly Gen<SuspensionPolicy> Policies =
        from kind in Kinds
        from garden in Coin
        from onu in Coin
        from billing in Coin
        from evidence in Coin
        select new SuspensionPolicy(kind, garden, onu, billing, evidence);

    private static readonly Gen<Case> Cases =
        from reasons in Reasons.ListOf()
        from shields in Shields.ListOf()
        from policies in Policies.ListOf()
        from more in Reasons
        from shield in Shields
        from minutes in Gen.Choose(0, 600)
        select new Case([.. reasons], [.. shields], new SuspensionPolicies([.. policies]), more, shield, minutes);

    [Fact]
    public void Without_a_reason_a_line_is_open() => Always(c => Decide(c with { Reasons = [] }).Access == LineAccess.Open);

    [Fact]
    public void A_line_that_is_not_open_has_a_reason_in_force() =>
        Always(c => Decide(c).Access == LineAccess.Open == Decide(c).Reasons.All(r => !r.IsEffective));

    [Fact]
    public void One_reason_more_never_opens_a_line() =>
        Always(c => Decide(c with { Reasons = [.. c.Reasons, c.More] }).Access >= Decide(c).Access);

    [Fact]
    public void One_shield_more_never_shuts_a_line() =>
        Always(c => Decide(c with { Shields = [.. c.Shields!, c.Shield] }).Access <= Decide(c).Access);

    [Fact]
    public void The_order_does_not_matter() =>
        Always(c => Decide(c with { Reasons = [.. c.Reasons.Reverse()], Shields = [.. c.Shields!.Reverse()] }).Access == Decide(c).Access);

    [Fact]
    public void A_reason_that_nothing_shows_never_suspends() =>
        Always(c => Decide(c).Reasons.All(r => !r.IsEffective || r.Of.HasEvidence || !c.Policies.Of(r.Of.Reason).NeedsEvidence));

    [Fact]
    public void Where_shields_cannot_be_read_nothing_begins_and_what_stands_stays()
    {
        Always(c => Decide(c with { Shields = null }).Reasons.All(r => !r.IsEffective || r.Of.IsInForce));
        Always(c => Decide(c with { Shields = null }).Access >= Decide(c with { Reasons = [.. c.Reasons.Where(r => r.IsInForce)] }).Access);
    }

    [Fact]
    public void Between_now_and_the_next_look_the_answer_is_the_same() =>
        Always(c =>
        {
            var first = Decide(c);
            var later = Now.AddMinutes(c.Minutes);
            return later >= first.LookAgainAt || Decide(c, later).Access == first.Access;
        });

    [Fact]
    public void An_outage_keeps_a_suspension_from_beginning_and_does_not_undo_one()
    {
        var shield = new RecordedShield(ShieldKind.Outage, new HashSet<SuspensionReason> { SuspensionReason.Fraud }, Now);
        var reason = new RecordedReason(SuspensionReason.Fraud, Now);
        Of([reason], [shield]).ShouldBe(LineAccess.Open);
        Of([reason with { IsInForce = true }], [shield]).ShouldBe(LineAccess.Rejected);
        Of([reason with { IsInForce = true }], [shield with { Kind = ShieldKind.PaymentArrangement }]).ShouldBe(LineAccess.Open);
    }

    [Fact]
    public void The_strictest_reason_wins_and_a_held_one_asks_for_nothing()
    {
        var vacation = new RecordedReason(SuspensionReason.Vacation, Now);
        var unpaid = new RecordedReason(SuspensionReason.NonPayment, Now, HasEvidence: true);
        Of([vacation], []).ShouldBe(LineAccess.Garden);
        Of([vacation, new RecordedReason(SuspensionReason.Fraud, Now)], []).ShouldBe(LineAccess.Rejected);
        var grace = new RecordedShield(
            ShieldKind.Grace,
            new HashSet<SuspensionReason> { SuspensionReason.NonPayment },
            Now,
            Now.AddDays(3)
        );
        var held = SuspensionDecision.Decide([unpaid], [grace], SuspensionPolicies.Default, Now);
        (held.Access, held.Reasons[0].HeldBy, held.LookAgainAt).ShouldBe((LineAccess.Open, HeldBy.Shield, Now.AddDays(3)));
        SuspensionDecision.Decide([unpaid], [grace], SuspensionPolicies.Default, Now.AddDays(3)).Access.ShouldBe(LineAccess.Garden);
        SuspensionDecision.Decide([vacation], [], SuspensionPolicies.Default, Now).PausesBilling.ShouldBeTrue();
        held.PausesBilling.ShouldBeFalse();
    }

    private static LineAccess Of(RecordedReason[] reasons, RecordedShield[] shields) =>
        SuspensionDecision.Decide(reasons, shields, SuspensionPolicies.Default, Now).Access;

    private static LineDecision Decide(Case c, DateTimeOffset? at = null) =>
        SuspensionDecision.Decide(c.Reasons, c.Shields, c.Policies, at ?? Now);

    private static void Always(Func<Case, bool> holds) => Prop.ForAll(Cases.ToArbitrary(), holds).Check(Repeatable);

    private sealed record Case(
        RecordedReason[] Reasons,
        RecordedShield[]? Shields,
        SuspensionPolicies Policies,
        RecordedReason More,
        RecordedShield Shield,
        int Minutes
    );
}
