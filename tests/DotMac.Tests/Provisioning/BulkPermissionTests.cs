using System.Collections.Frozen;
using DotMac.Access.Provisioning.Bulk;
using DotMac.Kernel.UseCases;

namespace DotMac.Tests.Provisioning;

/// <summary>Nobody may do to many what he may not do to one.</summary>
public sealed class BulkPermissionTests
{
    [Theory]
    [InlineData("isp.radius.write", "Suspend", "isp.radius.sessions.manage")]
    [InlineData("isp.radius.sessions.manage", "Suspend", null)]
    [InlineData("isp.radius.sessions.manage", "Resume", null)]
    [InlineData("isp.radius.sessions.manage", "ChangePlan", "isp.radius.write")]
    [InlineData("isp.radius.write", "ChangePlan", null)]
    [InlineData("isp.radius.write", "Deprovision", "isp.network.pon.write")]
    [InlineData("isp.radius.write isp.network.pon.write", "Deprovision", null)]
    [InlineData("isp.network.pon.write", "ChangeNetwork", "isp.radius.write")]
    public void What_is_done_to_many_needs_what_it_needs_for_one(string held, string kind, string? missing)
    {
        var caller = new Caller(Guid.NewGuid(), CallerKind.User, null, "somebody", held.Split(' ').ToFrozenSet(StringComparer.Ordinal));
        var refusal = BulkOrder.Forbidden(Enum.Parse<BulkKind>(kind), new BulkParameters(), caller);
        refusal?.Code.ShouldBe("permission.missing");
        (refusal?.Message.Contains(missing ?? "?", StringComparison.Ordinal) ?? false).ShouldBe(missing is not null);
    }
}
