using DotMac.Kernel.Results;
using DotMac.Platform.Jobs;

namespace DotMac.Tests.Platform;

/// <summary>Each field of a schedule is looked at, and every fault told.</summary>
public sealed class CronFieldsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0 30 2 * * ?")]
    [InlineData("0/2 * * * * ?")]
    [InlineData("*/15 0-30/5 0,12,22-2 ? JAN,MAR-MAY MON-FRI 2026-2099")]
    [InlineData("59 59 23 31 12 ?")]
    [InlineData("0 0 0 L * ?")]
    [InlineData("0 0 0 L-3 * ?")]
    [InlineData("0 0 0 LW * ?")]
    [InlineData("0 0 0 15W * ?")]
    [InlineData("0 0 0 ? * 6L")]
    [InlineData("0 0 0 ? * FRI#3")]
    [InlineData("0 0 0 ? * L")]
    [InlineData("0 0 0 29 2 ?")]
    public void What_a_clock_shows_is_taken(string cron) => Of(cron).ShouldBeEmpty();

    [Theory]
    [InlineData("0 99 2 * * ?", "cron.minutes out_of_range")]
    [InlineData("60 0 2 * * ?", "cron.seconds out_of_range")]
    [InlineData("0 0 24 * * ?", "cron.hours out_of_range")]
    [InlineData("0 0 0 32 * ?", "cron.day_of_month out_of_range")]
    [InlineData("0 0 0 0 * ?", "cron.day_of_month out_of_range")]
    [InlineData("0 0 0 * 13 ?", "cron.month out_of_range")]
    [InlineData("0 0 0 ? * 8", "cron.day_of_week out_of_range")]
    [InlineData("0 0 0 * * ? 1969", "cron.year out_of_range")]
    [InlineData("0 0-99 2 * * ?", "cron.minutes out_of_range")]
    [InlineData("0 1,2,99 2 * * ?", "cron.minutes out_of_range")]
    [InlineData("0 0/99 2 * * ?", "cron.minutes out_of_range")]
    [InlineData("0 0/0 2 * * ?", "cron.minutes out_of_range")]
    [InlineData("0 0 0 40W * ?", "cron.day_of_month out_of_range")]
    [InlineData("0 0 0 ? * 9#2", "cron.day_of_week out_of_range")]
    [InlineData("0 0 0 ? * 2#6", "cron.day_of_week bad_format")]
    [InlineData("0 -5 2 * * ?", "cron.minutes bad_format")]
    [InlineData("0 ? 2 * * ?", "cron.minutes bad_format")]
    [InlineData("0 1,,2 2 * * ?", "cron.minutes bad_format")]
    [InlineData("0 1-2-3 2 * * ?", "cron.minutes bad_format")]
    [InlineData("0 0 0 * MAI ?", "cron.month bad_format")]
    [InlineData("0 0 0 * * *", "cron.day_of_week one_day")]
    [InlineData("0 0 0 ? * ?", "cron.day_of_week one_day")]
    [InlineData("0 30 2 * *", "cron bad_format")]
    [InlineData("", "cron bad_format")]
    [InlineData("0 0 0 30 2 ?", "cron never")]
    [InlineData("0 0 0 * * ? 2020", "cron never")]
    [InlineData("61 99 25 * * ?", "cron.seconds out_of_range", "cron.minutes out_of_range", "cron.hours out_of_range")]
    [InlineData(
        "x 99 2 * 13 *",
        "cron.seconds bad_format",
        "cron.minutes out_of_range",
        "cron.month out_of_range",
        "cron.day_of_week one_day"
    )]
    public void What_no_clock_shows_is_refused_by_its_field(string cron, params string[] faults) => Of(cron).ShouldBe(faults);

    private static IEnumerable<string> Of(string cron)
    {
        var faults = new Faults();
        CronFields.Check(faults, cron, Now);
        return (faults.Error?.Faults ?? []).Select(f => $"{f.Field} {f.Code}");
    }
}
