namespace DotMac.Host;

/// <summary>A reason not to start that the operator can mend: its message is printed alone, without a stack.</summary>
public sealed class StartRefusal : Exception
{
    public StartRefusal()
        : this("The start was refused.") { }

    public StartRefusal(string message)
        : this(message, ExitCodes.Failure) { }

    public StartRefusal(string message, Exception inner)
        : base(message, inner) => ExitCode = ExitCodes.Failure;

    public StartRefusal(string message, int exitCode)
        : base(message) => ExitCode = exitCode;

    public int ExitCode { get; }
}

/// <summary>What the executable answers to the shell.</summary>
public static class ExitCodes
{
    public const int Ok = 0;
    public const int Failure = 1;

    /// <summary>A bad setting or a bad command line.</summary>
    public const int Usage = 2;

    /// <summary>Another process works on the same data folder.</summary>
    public const int AlreadyRunning = 3;
}
