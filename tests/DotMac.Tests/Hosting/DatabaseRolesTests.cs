using DotMac.Kernel.Data.Migrations;
using Npgsql;

namespace DotMac.Tests.Hosting;

/// <summary>How the platform's own roles connect, whatever the owner's connection string says.</summary>
public sealed class DatabaseRolesTests
{
    [Theory]
    [InlineData("Host=db;Username=owner;Password=p;Pooling=false;Maximum Pool Size=1")]
    [InlineData("Host=db;Username=owner;Password=p")]
    public void Connections_are_kept_and_as_many_as_asked(string owner)
    {
        var built = new NpgsqlConnectionStringBuilder(new DatabaseRoles(owner, default).ConnectionString(DatabaseRoles.App, 60));
        built.Pooling.ShouldBeTrue();
        built.MaxPoolSize.ShouldBe(60);
        built.Username.ShouldBe(DatabaseRoles.App);
        built.Password.ShouldNotBe("p");
    }

    /// <summary>A plan over every month of accounting is too large to be kept by each of its connections.</summary>
    [Theory]
    [InlineData(DatabaseRoles.App, 150)]
    [InlineData(DatabaseRoles.Platform, 150)]
    [InlineData(DatabaseRoles.Aaa, 0)]
    public void Statements_are_planned_once_for_a_connection_but_not_those_of_accounting(string role, int most) =>
        new NpgsqlConnectionStringBuilder(
            new DatabaseRoles("Host=db;Username=owner;Password=p", default).ConnectionString(role, 10)
        ).MaxAutoPrepare.ShouldBe(most);

    /// <summary>Those of accounting listen, hold locks of a session and make temporary tables.</summary>
    [Theory]
    [InlineData(DatabaseRoles.App, true)]
    [InlineData(DatabaseRoles.Platform, true)]
    [InlineData(DatabaseRoles.Aaa, false)]
    public void Only_a_connection_that_sets_nothing_beyond_its_transaction_goes_back_to_the_pool_as_it_is(string role, bool asItIs) =>
        new NpgsqlConnectionStringBuilder(
            new DatabaseRoles("Host=db;Username=owner;Password=p", default).ConnectionString(role, 10)
        ).NoResetOnClose.ShouldBe(asItIs);
}
