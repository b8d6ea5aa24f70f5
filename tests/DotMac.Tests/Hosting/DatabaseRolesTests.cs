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
}
