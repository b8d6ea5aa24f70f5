using Xunit.Abstractions;

[assembly: TestCollectionOrderer("DotMac.SystemTests.Harness.LongestFirst", "DotMac.SystemTests")]

namespace DotMac.SystemTests.Harness;

/// <summary>
/// Starts the classes that take longest first, so that none of them is still running when the others have ended; then those with a browser, and
/// last those that lay cables, so that neither waits for the other (see <see cref="Interfaces"/>). The rest goes by name, for two runs to be
/// alike. Only the order of starting is decided here: a class that is not named runs all the same.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>From the longest down, as measured; what takes less than ten seconds is not worth a line.</summary>
    private static readonly string[] Long =
    [
        "Provisioning.ProvisionDrillTests",
        "Console.PagesTests",
        "Radius.DrillTests",
        "Hosting.FreshStartTests",
        "FreeRadius.BothWaysTests",
        "Hosting.DatabaseTests",
        "Console.NetworkPagesTests",
        "Identity.SignInTests",
        "Sagas.CrashTests",
        "Tenancy.TenantTests",
        "Radius.CoaDrillTests",
        "Console.ProvisioningTests",
        "Console.ExploreTests",
        "Console.ManySessionsTests",
        "Console.MainPathTests",
        "Radius.SessionListTests",
        "FreeRadius.OutageTests",
        "Provisioning.BulkTests",
        "Radius.DisconnectTests",
        "Radius.ServerFeatureTests",
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(Place).ThenBy(c => c.DisplayName, StringComparer.Ordinal);

    private static int Place(ITestCollection collection)
    {
        var place = Array.FindIndex(Long, name => collection.DisplayName.EndsWith("." + name, StringComparison.Ordinal));
        return place >= 0 ? place
            : IsOf(collection, "Console") ? Long.Length
            : IsOf(collection, "Loop") ? Long.Length + 2
            : Long.Length + 1;
    }

    private static bool IsOf(ITestCollection collection, string folder) =>
        collection.DisplayName.Contains($".SystemTests.{folder}.", StringComparison.Ordinal);
}
