using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DotMac.Kernel;

/// <summary>The platform's one activity source and meter.</summary>
public static class KernelTelemetry
{
    public const string Name = "DotMac";

    public static readonly ActivitySource Source = new(Name);
    public static readonly Meter Meter = new(Name);

    /// <summary>Seconds a use case took, by name and outcome code.</summary>
    internal static readonly Histogram<double> UseCases = Meter.CreateHistogram<double>("dotmac_use_case_duration_seconds", "s");
}
