using DotMac.Host.Cluster;
using DotMac.Kernel.Data.Migrations;

namespace DotMac.Tests.Hosting;

public sealed class MigrationTests
{
    private static readonly Migration First = Migration.Parse("0001_first.sql", "CREATE TABLE a (id int);\n");
    private static readonly Migration Second = Migration.Parse("0002_second_step.sql", "CREATE TABLE b (id int);\n");

    [Fact]
    public void A_file_name_tells_number_and_name() =>
        (Second.Version, Second.Name, Second.FileName).ShouldBe((2, "second_step", "0002_second_step.sql"));

    [Theory]
    [InlineData("1_short.sql")]
    [InlineData("0001-dash.sql")]
    [InlineData("0001_Upper.sql")]
    [InlineData("readme.sql")]
    public void A_malformed_name_is_refused(string name) => Should.Throw<InvalidOperationException>(() => Migration.Parse(name, ""));

    [Fact]
    public void Line_ends_do_not_change_the_checksum() =>
        Migration.Parse("0001_a.sql", "a\r\nb\r\n").Sha256.ShouldBe(Migration.Parse("0001_a.sql", "a\nb\n").Sha256);

    [Fact]
    public void Unchanged_and_missing_at_the_end_is_fine() => Drift(Applied(First)).ShouldBeNull();

    [Fact]
    public void A_changed_file_is_named()
    {
        var drift = Drift(new() { [1] = ("first", "0000") });

        drift.ShouldNotBeNull();
        drift.ShouldContain("db/0001_first.sql");
        drift.ShouldContain("changed");
    }

    [Fact]
    public void An_applied_file_that_this_build_lacks_is_named() =>
        Drift(new() { [1] = ("first", First.Sha256), [7] = ("from_the_future", "abc") })
            .ShouldNotBeNull()
            .ShouldContain("db/0007_from_the_future.sql");

    [Fact]
    public void The_executable_carries_every_file_of_db()
    {
        var files = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "db"), "*.sql")
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal);

        Installation.Migrations.Select(m => m.FileName).ShouldBe(files!);
    }

    private static Dictionary<int, (string, string)> Applied(params Migration[] migrations) =>
        migrations.ToDictionary(m => m.Version, m => (m.Name, m.Sha256));

    private static string? Drift(Dictionary<int, (string, string)> applied) => Migrator.Drift([First, Second], applied);
}
