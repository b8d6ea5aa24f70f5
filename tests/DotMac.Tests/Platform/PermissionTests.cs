using DotMac.Access;
using DotMac.Kernel.UseCases;
using DotMac.Network;
using DotMac.Platform;
using DotMac.Platform.Identity;

namespace DotMac.Tests.Platform;

public sealed class PermissionTests
{
    [Fact]
    public void Every_permission_that_a_use_case_needs_is_in_the_catalogue()
    {
        var known = Permissions.All.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        known.Count.ShouldBe(Permissions.All.Count, "no name twice");
        var needed = PlatformModule
            .UseCases.Concat(AccessModule.UseCases)
            .Concat(NetworkModule.UseCases)
            .Select(u => u.Access)
            .Where(a => a is not ("public" or "signed-in"));
        needed.Except(known).ShouldBeEmpty();
    }

    [Fact]
    public void Platform_permissions_are_in_no_role_and_work_across_tenants_needs_one()
    {
        SystemRoles.All.SelectMany(r => r.Permissions).Except(Permissions.OfTenants).ShouldBeEmpty();
        foreach (var useCase in PlatformModule.UseCases.Concat(AccessModule.UseCases).Concat(NetworkModule.UseCases))
        {
            var crosses = useCase.Command.IsDefined(typeof(AcrossTenantsAttribute), false);
            var isPlatform = Permissions.OfPlatform.Contains(useCase.Access);
            (crosses && !isPlatform && useCase.Access != "public").ShouldBeFalse(
                $"{useCase.Name} works across tenants with a tenant's permission"
            );
        }
    }

    [Fact]
    public void The_thirteen_of_the_operations_areas_are_there() =>
        Permissions
            .All.Select(p => p.Name)
            .Where(n => n.StartsWith("isp.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ShouldBe([
                "isp.automation.execute",
                "isp.automation.read",
                "isp.cpe.read",
                "isp.cpe.write",
                "isp.ipam.read",
                "isp.ipam.write",
                "isp.network.pon.read",
                "isp.network.pon.write",
                "isp.oss.configure",
                "isp.oss.read",
                "isp.radius.read",
                "isp.radius.sessions.manage",
                "isp.radius.write",
            ]);
}
