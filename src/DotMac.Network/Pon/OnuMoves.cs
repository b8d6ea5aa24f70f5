using DotMac.Contracts.External;

namespace DotMac.Network.Pon;

/// <summary>Moves an ONU by the machine's table, with all that hangs on the move: flows, alarms, events, the cause of its last going down.</summary>
internal sealed class OnuMoves(PonBooks books, TimeProvider clock)
{
    /// <summary>False when the table refuses; nothing is changed then.</summary>
    public async Task<bool> ApplyAsync(OnuRow row, OnuEvent happened, CancellationToken ct)
    {
        if (OnuMachine.Next(row.Admin, row.Oper, happened) is not { } place)
        {
            return false;
        }

        if (place.IsForgotten)
        {
            await books.ClearAsync(row.Serial, null, ct);
            await books.ForgetAsync(row.Serial, ct);
            await books.NoteAsync("onu_deleted", row.OltId, row.Serial, $"Gone from {row.PonPort} of {row.OltName}.", ct);
            return true;
        }

        var (admin, oper) = (row.Admin, row.Oper);
        row.Admin = place.Admin;
        row.Oper = place.Oper;
        if (admin != place.Admin)
        {
            await AdminChangedAsync(row, ct);
        }

        if (oper != place.Oper)
        {
            await OperChangedAsync(row, oper, ct);
        }

        await books.SaveAsync(row, ct);
        return true;
    }

    private async Task AdminChangedAsync(OnuRow row, CancellationToken ct)
    {
        if (row.Admin == OnuAdmin.Enabled)
        {
            row.ActivatedAt = clock.GetUtcNow();
            await books.NoteAsync("onu_activated", row.OltId, row.Serial, $"Enabled for {row.Label}.", ct);
            return;
        }

        await books.DropFlowsAsync(row.Serial, ct);
        await books.NoteAsync("onu_deactivated", row.OltId, row.Serial, $"Disabled; {row.Label} keeps it.", ct);
    }

    private async Task OperChangedAsync(OnuRow row, OnuOper before, CancellationToken ct)
    {
        if (row.Oper == OnuOper.Online)
        {
            row.OnlineSince = clock.GetUtcNow();
            await books.NoteAsync("onu_online", row.OltId, row.Serial, "It is measured in and answers.", ct);
        }
        else if (before == OnuOper.Online)
        {
            row.OnlineSince = null;
        }

        if (OnuMachine.IsDark(row.Oper))
        {
            row.LastDownAt = clock.GetUtcNow();
            row.LastDownCause = row.Oper;
            await AlarmAsync(row, ct);
        }
        else if (OnuMachine.IsDark(before))
        {
            await books.ClearAsync(row.Serial, AlarmKind.LossOfSignal, ct);
            await books.ClearAsync(row.Serial, AlarmKind.DyingGasp, ct);
        }
    }

    private async Task AlarmAsync(OnuRow row, CancellationToken ct)
    {
        var (kind, severity, word, detail) =
            row.Oper == OnuOper.DyingGasp
                ? (AlarmKind.DyingGasp, AlarmSeverity.Minor, "onu_dying_gasp", "Power was cut at the customer's.")
                : (AlarmKind.LossOfSignal, AlarmSeverity.Major, "onu_los", "Its light is gone without a last word: the fibre, likely.");
        await books.RaiseAsync(row, kind, severity, detail, ct);
        await books.NoteAsync(word, row.OltId, row.Serial, detail, ct);
    }
}
