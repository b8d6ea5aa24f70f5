namespace DotMac.SystemTests.Harness;

/// <summary>Class fixture: a host of its own on a migrated database of its own, with the administrator signed in.</summary>
public class HostFixture : IAsyncLifetime
{
    public TestDatabase Database { get; } = new();
    public HostProcess Host { get; private set; } = null!;

    /// <summary>Signed in as the first administrator of tenant <c>default</c>.</summary>
    public ApiClient Admin { get; private set; } = null!;

    /// <summary>Settings beyond the usual ones.</summary>
    protected virtual IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>();

    /// <summary>What the host is told to do.</summary>
    protected virtual IReadOnlyList<string> Command => ["up"];

    public virtual async Task InitializeAsync()
    {
        await Database.InitializeAsync();
        Host = await HostProcess.StartAsync(
            new HostOptions
            {
                Database = Database.Owner,
                Environment = Environment,
                Command = Command,
            }
        );
        Admin = Host.Api();
        await Admin.LoginAsync(HostProcess.AdminEmail, HostProcess.AdminPassword);
    }

    public virtual async Task DisposeAsync()
    {
        Admin?.Dispose();
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        await Database.DisposeAsync();
    }
}
