namespace DotMac.Contracts.External;

/// <summary>Why an outside system did not do what it was asked.</summary>
/// <param name="Code">Stable, dotted: <c>ipam.pool_exhausted</c>.</param>
/// <param name="Message">What happened, in the operator's words.</param>
/// <param name="MayPass">True when asking again later may succeed (time-out, busy, unreachable); false when it never will.</param>
/// <param name="IsOthers">True when all that is wrong is that somebody else has it: told once, by whoever can say who that is.</param>
public sealed record RoleFault(string Code, string Message, bool MayPass = false, bool IsOthers = false);

/// <summary>What came of asking an outside system: a value, or a fault, or nothing because the tenant has none configured.</summary>
public sealed record RoleAnswer<T>
{
    private RoleAnswer(T? value, RoleFault? fault, bool isConfigured)
    {
        Value = value;
        Fault = fault;
        IsConfigured = isConfigured;
    }

    /// <summary>False when the tenant's driver for this role is "none": nothing was done, and nobody may say that it was.</summary>
    public bool IsConfigured { get; }

    public RoleFault? Fault { get; }

    public T? Value { get; }

    public static RoleAnswer<T> NotConfigured { get; } = new(default, null, false);

    public static implicit operator RoleAnswer<T>(T value) => new(value, null, true);

    public static implicit operator RoleAnswer<T>(RoleFault fault) => new(default, fault, true);
}

/// <summary>The answer of a call that has nothing to say but that it is done.</summary>
public sealed record Acknowledged
{
    public static Acknowledged Instance { get; } = new();
}

/// <summary>What every role of an outside system tells about the driver behind it.</summary>
public interface IExternalRole
{
    /// <summary>Name of the driver: <c>built-in</c>, <c>simulated</c>, <c>none</c>, <c>netbox</c> …</summary>
    string Driver { get; }

    /// <summary>
    /// True when a call leaves our database: it must then be made with no transaction open, after its intent has been committed. False when
    /// the driver works inside the caller's transaction and is undone with it.
    /// </summary>
    bool CallsOut { get; }
}
