using System.Diagnostics.Metrics;
using DotMac.Kernel.Telemetry;

namespace DotMac.Tests.Telemetry;

public sealed class PrometheusCollectorTests : IDisposable
{
    private readonly Meter meter = new("DotMac.Test." + Guid.NewGuid().ToString("N"));
    private readonly PrometheusCollector collector = new();

    public void Dispose()
    {
        collector.Dispose();
        meter.Dispose();
    }

    [Fact]
    public void A_counter_adds_up_by_label_set()
    {
        var counter = meter.CreateCounter<long>("t.requests", description: "Requests\nof \\ the test");
        counter.Add(2, new KeyValuePair<string, object?>("code", "ok"));
        counter.Add(3, new KeyValuePair<string, object?>("code", "ok"));
        counter.Add(1, new KeyValuePair<string, object?>("code", "a \"quoted\\ \n one"));

        var lines = Lines("t_requests");

        lines.ShouldBe([
            "# HELP t_requests_total Requests\\nof \\\\ the test",
            "# TYPE t_requests_total counter",
            "t_requests_total{code=\"a \\\"quoted\\\\ \\n one\"} 1",
            "t_requests_total{code=\"ok\"} 5",
        ]);
    }

    [Fact]
    public void A_histogram_has_cumulative_buckets_a_sum_and_a_count()
    {
        var histogram = meter.CreateHistogram("t.wait", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var value in new[] { 0.05, 0.1, 0.5, 7 })
        {
            histogram.Record(value);
        }

        Lines("t_wait")
            .Skip(2)
            .ShouldBe([
                "t_wait_seconds_bucket{le=\"0.1\"} 2",
                "t_wait_seconds_bucket{le=\"1\"} 3",
                "t_wait_seconds_bucket{le=\"+Inf\"} 4",
                "t_wait_seconds_sum 7.65",
                "t_wait_seconds_count 4",
            ]);
    }

    [Fact]
    public void An_observed_label_set_that_is_gone_is_no_longer_shown()
    {
        var shown = new List<Measurement<int>>
        {
            new(1, new KeyValuePair<string, object?>("nas", "a")),
            new(2, new KeyValuePair<string, object?>("nas", "b")),
        };
        meter.CreateObservableGauge("t.sessions", () => shown);
        Lines("t_sessions").Count.ShouldBe(4);

        shown.RemoveAt(0);

        Lines("t_sessions").Skip(2).ShouldBe(["t_sessions{nas=\"b\"} 2"]);
    }

    [Fact]
    public void Units_and_kinds_become_suffixes_once()
    {
        PrometheusName.Of("dotmac_use_case_duration_seconds", "s", isCounter: false).ShouldBe("dotmac_use_case_duration_seconds");
        PrometheusName.Of("radius.requests", "{request}", isCounter: true).ShouldBe("radius_requests_total");
        PrometheusName.Of("net.io", "By", isCounter: true).ShouldBe("net_io_bytes_total");
        PrometheusName.Of("already_total", null, isCounter: true).ShouldBe("already_total");
        PrometheusName.Of("assembly.count", null, isCounter: false).ShouldBe("assembly_number");
    }

    [Fact]
    public void Too_many_label_sets_are_dropped_and_counted()
    {
        var counter = meter.CreateCounter<long>("t.wild");
        for (var i = 0; i < PrometheusCollector.MostSeries + 10; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("user", i));
        }

        var text = collector.Render();
        text.Split('\n').Count(line => line.StartsWith("t_wild_total{", StringComparison.Ordinal)).ShouldBe(PrometheusCollector.MostSeries);
        text.ShouldContain("dotmac_metrics_dropped_total 10\n");
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_record_at_once()
    {
        var counter = meter.CreateCounter<long>("t.busy");
        var histogram = meter.CreateHistogram<double>("t.busy_time", "s");
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 8),
            (worker, _) =>
            {
                for (var i = 0; i < 20_000; i++)
                {
                    counter.Add(1, new KeyValuePair<string, object?>("worker", worker % 2));
                    histogram.Record(0.5);
                }

                return ValueTask.CompletedTask;
            }
        );

        Lines("t_busy_total{").ShouldBe(["t_busy_total{worker=\"0\"} 80000", "t_busy_total{worker=\"1\"} 80000"]);
        Lines("t_busy_time_seconds_count").ShouldBe(["t_busy_time_seconds_count 160000"]);
        Lines("t_busy_time_seconds_sum").ShouldBe(["t_busy_time_seconds_sum 80000"]);
    }

    private List<string> Lines(string name) =>
        collector
            .Render()
            .Split('\n')
            .Where(line =>
                line.Replace("# HELP ", "", StringComparison.Ordinal)
                    .Replace("# TYPE ", "", StringComparison.Ordinal)
                    .StartsWith(name, StringComparison.Ordinal)
            )
            .ToList();
}
