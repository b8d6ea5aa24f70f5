using DotMac.Access.Provisioning.Bulk;
using DotMac.Kernel.Results;

namespace DotMac.Tests.Provisioning;

/// <summary>What an item of bulk work says of a refusal.</summary>
public sealed class BulkRefusalTests
{
    [Fact]
    public void All_that_is_wrong_stands_in_the_item()
    {
        var faults = new Faults().Add("place.site_id", "taken", "Not there.").Add("vlan.service_vlan", "taken", "Not that.");
        var told = BulkBegun.Refused(faults.Error!);
        (told.State, told.Error!.Code, told.Error.Message).ShouldBe(
            (BulkItemState.Failed, "validation.failed", "place.site_id: Not there. vlan.service_vlan: Not that.")
        );
    }

    [Fact]
    public void One_fault_is_told_in_its_own_words() =>
        BulkBegun.Refused(Error.Conflict("run.subject_busy", "Busy.")).Error!.Message.ShouldBe("Busy.");
}
