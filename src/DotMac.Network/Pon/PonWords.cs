namespace DotMac.Network.Pon;

/// <summary>Stored numbers only grow.</summary>
public enum OltOper
{
    Online = 0,
    Restarting = 1,
    Unreachable = 2,
}

/// <summary>Stored numbers only grow.</summary>
public enum FlowDirection
{
    Up = 0,
    Down = 1,
}

/// <summary>Stored numbers only grow.</summary>
public enum FlowState
{
    Pending = 0,
    Installed = 1,

    /// <summary>The OLT took it, answered well, and dropped it afterwards.</summary>
    Failed = 2,
}

/// <summary>Stored numbers only grow.</summary>
internal enum PonAct
{
    Activate = 0,
    Enable = 1,
    Disable = 2,
    Remove = 3,
    Reboot = 4,
}

/// <summary>Stored numbers only grow.</summary>
public enum AlarmKind
{
    LossOfSignal = 0,
    DyingGasp = 1,
    LowReceivedPower = 2,
    FlowFailed = 3,
    OltUnreachable = 4,
}

/// <summary>Stored numbers only grow.</summary>
public enum AlarmSeverity
{
    Indeterminate = 0,
    Warning = 1,
    Minor = 2,
    Major = 3,
    Critical = 4,
}
