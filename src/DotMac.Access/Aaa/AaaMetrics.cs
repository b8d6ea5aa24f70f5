using System.Diagnostics.Metrics;
using DotMac.Kernel;

namespace DotMac.Access.Aaa;

/// <summary>Counters of the AAA plane. A packet that gets no answer is counted with the reason, never logged one by one.</summary>
internal static class AaaMetrics
{
    private static readonly Counter<long> AuthAnswers = KernelTelemetry.Meter.CreateCounter<long>("radius_access_answers_total");
    private static readonly Counter<long> RejectsLimited = KernelTelemetry.Meter.CreateCounter<long>("radius_rejects_limited_total");
    private static readonly Counter<long> Dropped = KernelTelemetry.Meter.CreateCounter<long>("radius_dropped_total");
    private static readonly Counter<long> Duplicates = KernelTelemetry.Meter.CreateCounter<long>("radius_duplicates_total");
    private static readonly Counter<long> AcctJournaled = KernelTelemetry.Meter.CreateCounter<long>("radius_accounting_journaled_total");
    private static readonly Counter<long> AcctProjected = KernelTelemetry.Meter.CreateCounter<long>("radius_accounting_projected_total");
    private static readonly Counter<long> AcctSetAside = KernelTelemetry.Meter.CreateCounter<long>("radius_accounting_set_aside_total");
    private static readonly Counter<long> SessionsReaped = KernelTelemetry.Meter.CreateCounter<long>("radius_sessions_reaped_total");
    private static readonly Counter<long> LostDecisions = KernelTelemetry.Meter.CreateCounter<long>("radius_decisions_lost_total");
    private static readonly Counter<long> WrittenDecisions = KernelTelemetry.Meter.CreateCounter<long>("radius_decisions_written_total");

    /// <summary>How old what we serve is, seconds: a few while the database is there.</summary>
    public static void WatchSnapshot(Func<double> age) =>
        KernelTelemetry.Meter.CreateObservableGauge("radius_snapshot_age_seconds", age, "s");

    /// <summary>A reject that was held back, not noted, or not even judged (<see cref="RejectGate"/>): delayed, unlogged or dropped.</summary>
    public static void Limited(string how) => RejectsLimited.Add(1, new KeyValuePair<string, object?>("how", how));

    public static void Answered(string code) => AuthAnswers.Add(1, new KeyValuePair<string, object?>("code", code));

    /// <summary>A packet that is not answered: malformed, unknown_client, bad_message_authenticator, missing_message_authenticator, bad_authenticator, unexpected_code, not_ready, overload.</summary>
    public static void Drop(string port, string reason) =>
        Dropped.Add(1, new KeyValuePair<string, object?>("port", port), new KeyValuePair<string, object?>("reason", reason));

    public static void Duplicate(string port) => Duplicates.Add(1, new KeyValuePair<string, object?>("port", port));

    public static void Journaled(int records) => AcctJournaled.Add(records);

    public static void Projected(int records) => AcctProjected.Add(records);

    /// <summary>Records that the database refuses as data; kept beside the journal.</summary>
    public static void SetAside(int records) => AcctSetAside.Add(records);

    /// <summary>Sessions ended because nobody spoke of them any more.</summary>
    public static void Reaped(int sessions) => SessionsReaped.Add(sessions);

    public static void DecisionsWritten(int count) => WrittenDecisions.Add(count);

    /// <summary>Decisions that stand in no log: the database was away for longer than the memory reaches.</summary>
    public static void DecisionsLost(int count) => LostDecisions.Add(count);
}
