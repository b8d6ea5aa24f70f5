using DotMac.Access.Provisioning;
using DotMac.Access.Provisioning.Changes;
using DotMac.Contracts.External;
using DotMac.Kernel.Results;

namespace DotMac.Tests.Pon;

/// <summary>One format of an ONU's serial, wherever it is typed; an order and a change also take it in lower case and with space around it.</summary>
public sealed class OnuSerialTests
{
    [Theory]
    [InlineData("ALCL12345678", true, true)]
    [InlineData("ALCL00ABCDEF", true, true)]
    [InlineData("alcl00abcdef", false, true)]
    [InlineData(" ALCL12345678 ", false, true)]
    [InlineData("ALCL1234567", false, false)]
    [InlineData("ALCL123456789", false, false)]
    [InlineData("ALC112345678", false, false)]
    [InlineData("ALCL1234567G", false, false)]
    public void It_is_read_alike(string typed, bool isWell, bool isTaken)
    {
        OnuSerial.IsWell(typed).ShouldBe(isWell);
        (NetworkWishes.Read(new ChangeNetwork.Body(OnuSerial: typed)).Error is null).ShouldBe(isTaken);
        var faults = new Faults();
        new ProvisionFields(OnuSerial: typed).Cleaned().Check(faults);
        (faults.Error?.Faults?.Any(f => f.Field == "onu_serial") ?? false).ShouldBe(!isTaken);
    }
}
