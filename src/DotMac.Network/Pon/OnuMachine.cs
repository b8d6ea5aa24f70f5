using DotMac.Contracts.External;

namespace DotMac.Network.Pon;

/// <summary>What can happen to an ONU.</summary>
internal enum OnuEvent
{
    /// <summary>Its light is seen: plugged in, powered again, the fibre mended, the OLT back.</summary>
    Lit,

    /// <summary>It has been measured in and answers its management channel.</summary>
    Ranged,

    /// <summary>Its light is gone without a word.</summary>
    LightLost,

    /// <summary>It said that its power is going (G.984.3 dying gasp).</summary>
    PowerLost,

    /// <summary>A service was ordered on it.</summary>
    Ordered,

    /// <summary>A service was ordered on it that is not to be given yet: it is its owner's, and down.</summary>
    OrderedDown,
    EnableAsked,
    DisableAsked,
    RemoveAsked,
    RebootAsked,

    /// <summary>Its OLT has started anew and knows no ONU yet.</summary>
    OltRestarted,
}

/// <summary>Where an ONU stands after something happened.</summary>
/// <param name="IsForgotten">The controller has no row of it any more.</param>
internal readonly record struct OnuPlace(OnuAdmin Admin, OnuOper Oper, bool IsForgotten = false);

/// <summary>The states of an ONU, admin × oper, and what moves it: one table, tested cell by cell. Null refuses.</summary>
internal static class OnuMachine
{
    public static OnuPlace? Next(OnuAdmin admin, OnuOper oper, OnuEvent happened) =>
        happened == OnuEvent.RemoveAsked
            ? Gone(admin, oper)
            : admin switch
            {
                OnuAdmin.Discovered => OfDiscovered(oper, happened),
                OnuAdmin.Enabled => OfEnabled(oper, happened),
                OnuAdmin.Disabled => OfDisabled(oper, happened),
                _ => null,
            };

    /// <summary>True when the fibre shows no light of it.</summary>
    public static bool IsDark(OnuOper oper) => oper is OnuOper.LossOfSignal or OnuOper.DyingGasp;

    // Nobody's ONU exists as long as its light does; the controller keeps no memory of it.
    private static OnuPlace? OfDiscovered(OnuOper oper, OnuEvent happened) =>
        happened switch
        {
            OnuEvent.Lit => new(OnuAdmin.Discovered, OnuOper.Unknown),
            OnuEvent.LightLost or OnuEvent.PowerLost or OnuEvent.OltRestarted => Gone(OnuAdmin.Discovered, oper),
            OnuEvent.Ordered when oper == OnuOper.Unknown => new(OnuAdmin.Enabled, OnuOper.Activating),
            OnuEvent.OrderedDown when oper == OnuOper.Unknown => new(OnuAdmin.Disabled, OnuOper.Offline),
            _ => null,
        };

    private static OnuPlace? OfEnabled(OnuOper oper, OnuEvent happened) =>
        happened switch
        {
            OnuEvent.Lit => new(OnuAdmin.Enabled, oper == OnuOper.Online ? OnuOper.Online : OnuOper.Activating),
            OnuEvent.Ranged when oper is OnuOper.Activating or OnuOper.Online => new(OnuAdmin.Enabled, OnuOper.Online),
            OnuEvent.LightLost => new(OnuAdmin.Enabled, Dark(oper, OnuOper.LossOfSignal)),
            OnuEvent.PowerLost => new(OnuAdmin.Enabled, Dark(oper, OnuOper.DyingGasp)),
            OnuEvent.Ordered or OnuEvent.EnableAsked => new(OnuAdmin.Enabled, oper),
            OnuEvent.DisableAsked or OnuEvent.OrderedDown => new(OnuAdmin.Disabled, IsDark(oper) ? oper : OnuOper.Offline),
            OnuEvent.RebootAsked when oper is OnuOper.Activating or OnuOper.Online => new(OnuAdmin.Enabled, OnuOper.Activating),
            OnuEvent.OltRestarted => new(OnuAdmin.Enabled, IsDark(oper) ? oper : OnuOper.Offline),
            _ => null,
        };

    // Offline here: its light is there, its service is off.
    private static OnuPlace? OfDisabled(OnuOper oper, OnuEvent happened) =>
        happened switch
        {
            OnuEvent.Lit => new(OnuAdmin.Disabled, OnuOper.Offline),
            OnuEvent.LightLost => new(OnuAdmin.Disabled, Dark(oper, OnuOper.LossOfSignal)),
            OnuEvent.PowerLost => new(OnuAdmin.Disabled, Dark(oper, OnuOper.DyingGasp)),
            OnuEvent.Ordered or OnuEvent.EnableAsked => new(OnuAdmin.Enabled, IsDark(oper) ? oper : OnuOper.Activating),
            OnuEvent.DisableAsked or OnuEvent.OrderedDown => new(OnuAdmin.Disabled, oper),
            OnuEvent.OltRestarted => new(OnuAdmin.Disabled, IsDark(oper) ? oper : OnuOper.Offline),
            _ => null,
        };

    /// <summary>The first cause stays: a box whose power was cut shows no light afterwards either.</summary>
    private static OnuOper Dark(OnuOper oper, OnuOper cause) => IsDark(oper) ? oper : cause;

    private static OnuPlace Gone(OnuAdmin admin, OnuOper oper) => new(admin, oper, IsForgotten: true);
}
