namespace DotMac.Kernel.Results;

/// <summary>What family of refusal an <see cref="Error"/> is; decides the HTTP status and nothing else.</summary>
public enum ErrorKind
{
    Validation,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    Changed,
    Locked,
    TooMany,
    Unprocessable,
    Unavailable,
}

/// <summary>One fault of one field of the input, for example <c>("secret", "too_short", "At least 6 characters.")</c>.</summary>
public sealed record Fault(string Field, string Code, string Message);

/// <summary>An expected refusal: a named value with a stable code, never an exception.</summary>
/// <param name="Code">Stable, dotted, lower case: <c>nas.not_found</c>. Codes only ever grow (golden file).</param>
/// <param name="Message">What happened and what to do, in one or two sentences.</param>
/// <param name="Faults">All faults of the input at once, for <see cref="ErrorKind.Validation"/>.</param>
/// <param name="RetryAfter">When trying again makes sense, for <see cref="ErrorKind.TooMany"/> and <see cref="ErrorKind.Locked"/>.</param>
public sealed record Error(ErrorKind Kind, string Code, string Message, IReadOnlyList<Fault>? Faults = null, TimeSpan? RetryAfter = null)
{
    public static Error NotFound(string code, string message) => new(ErrorKind.NotFound, code, message);

    public static Error Conflict(string code, string message) => new(ErrorKind.Conflict, code, message);

    public static Error Changed(string code) =>
        new(ErrorKind.Changed, code, "Somebody changed it in the meantime. Read it again and repeat your change.");

    public static Error Invalid(string code, string message) => new(ErrorKind.Unprocessable, code, message);

    public static Error PermissionMissing(string permission) =>
        new(
            ErrorKind.Forbidden,
            "permission.missing",
            $"This needs the permission {permission}. Ask an administrator for a role that has it."
        );

    public static readonly Error SignInRequired = new(ErrorKind.Unauthenticated, "auth.required", "Sign in first.");
}
