using DotMac.Contracts.External;
using DotMac.Network.Pon;

namespace DotMac.Tests.Pon;

/// <summary>Every cell of the ONU's table: admin × oper × what happened, written out by hand.</summary>
public sealed class OnuMachineTests
{
    // Columns: lit, ranged, light lost, power lost, ordered, enable, disable, ordered down, remove, reboot, olt restarted.
    // Words: first letter(s) admin (D discovered, E enabled, X disabled), then oper: ? unknown, a activating, o online, l loss of signal, g gasp, f offline.
    // "-" is refused, "." is forgotten.
    private const string Table = """
        D?  D?  -   .   .   Ea  -   -   Xf  .   -   .
        Da  D?  -   .   .   -   -   -   -   .   -   .
        Do  D?  -   .   .   -   -   -   -   .   -   .
        Dl  D?  -   .   .   -   -   -   -   .   -   .
        Dg  D?  -   .   .   -   -   -   -   .   -   .
        Df  D?  -   .   .   -   -   -   -   .   -   .
        E?  Ea  -   El  Eg  E?  E?  Xf  Xf  .   -   Ef
        Ea  Ea  Eo  El  Eg  Ea  Ea  Xf  Xf  .   Ea  Ef
        Eo  Eo  Eo  El  Eg  Eo  Eo  Xf  Xf  .   Ea  Ef
        El  Ea  -   El  El  El  El  Xl  Xl  .   -   El
        Eg  Ea  -   Eg  Eg  Eg  Eg  Xg  Xg  .   -   Eg
        Ef  Ea  -   El  Eg  Ef  Ef  Xf  Xf  .   -   Ef
        X?  Xf  -   Xl  Xg  Ea  Ea  X?  X?  .   -   Xf
        Xa  Xf  -   Xl  Xg  Ea  Ea  Xa  Xa  .   -   Xf
        Xo  Xf  -   Xl  Xg  Ea  Ea  Xo  Xo  .   -   Xf
        Xl  Xf  -   Xl  Xl  El  El  Xl  Xl  .   -   Xl
        Xg  Xf  -   Xg  Xg  Eg  Eg  Xg  Xg  .   -   Xg
        Xf  Xf  -   Xl  Xg  Ea  Ea  Xf  Xf  .   -   Xf
        """;

    private static readonly OnuEvent[] Columns =
    [
        OnuEvent.Lit,
        OnuEvent.Ranged,
        OnuEvent.LightLost,
        OnuEvent.PowerLost,
        OnuEvent.Ordered,
        OnuEvent.EnableAsked,
        OnuEvent.DisableAsked,
        OnuEvent.OrderedDown,
        OnuEvent.RemoveAsked,
        OnuEvent.RebootAsked,
        OnuEvent.OltRestarted,
    ];

    [Fact]
    public void Every_cell_is_as_written()
    {
        var rows = Table.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        rows.Count.ShouldBe(Enum.GetValues<OnuAdmin>().Length * Enum.GetValues<OnuOper>().Length);
        Columns.Length.ShouldBe(Enum.GetValues<OnuEvent>().Length);
        foreach (var row in rows)
        {
            var (admin, oper) = Read(row[0]);
            for (var i = 0; i < Columns.Length; i++)
            {
                Shown(OnuMachine.Next(admin, oper, Columns[i])).ShouldBe(row[i + 1], $"{row[0]} {Columns[i]}");
            }
        }
    }

    [Fact]
    public void An_unknown_admin_state_goes_nowhere() => OnuMachine.Next((OnuAdmin)9, OnuOper.Online, OnuEvent.Lit).ShouldBeNull();

    private static (OnuAdmin, OnuOper) Read(string word) =>
        (
            word[0] switch
            {
                'D' => OnuAdmin.Discovered,
                'E' => OnuAdmin.Enabled,
                _ => OnuAdmin.Disabled,
            },
            (OnuOper)"?aolgf".IndexOf(word[1], StringComparison.Ordinal)
        );

    private static string Shown(OnuPlace? place) =>
        place switch
        {
            null => "-",
            { IsForgotten: true } => ".",
            { } p => $"{"DEX"[(int)p.Admin]}{"?aolgf"[(int)p.Oper]}",
        };
}
