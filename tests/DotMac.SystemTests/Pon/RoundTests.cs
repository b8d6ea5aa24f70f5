using DotMac.SystemTests.Access;

namespace DotMac.SystemTests.Pon;

/// <summary>A round of the simulated plant over a row that cannot be looked at.</summary>
public sealed class RoundTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task An_onu_that_cannot_be_looked_at_keeps_no_other_waiting_and_not_the_round()
    {
        var olt = await api.OltAsync("round");
        foreach (var serial in new[] { "DMAC00000A01", "DMAC00000A02", "DMAC00000A03" })
        {
            await api.PlugAsync(olt, serial);
        }

        await api.Database.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'this row is broken'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE OF drift_db ON pon_simulated_onus FOR EACH ROW WHEN (OLD.serial = 'DMAC00000A02') EXECUTE FUNCTION refuse();
            """
        );
        var before = await DriftsAsync();
        await api.RoundAsync();
        var after = await DriftsAsync();
        after["DMAC00000A02"].ShouldBe(before["DMAC00000A02"]);
        after["DMAC00000A01"].ShouldNotBe(before["DMAC00000A01"]);
        after["DMAC00000A03"].ShouldNotBe(before["DMAC00000A03"]);
    }

    private async Task<IReadOnlyDictionary<string, double>> DriftsAsync() =>
        (await api.Database.QueryAsync<(string, double)>("SELECT serial, drift_db::float8 FROM pon_simulated_onus")).ToDictionary(
            r => r.Item1,
            r => r.Item2
        );
}
