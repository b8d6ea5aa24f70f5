namespace DotMac.Kernel.Results;

/// <summary>Either a value or the named reason why there is none.</summary>
public readonly record struct Result<T>
{
    private readonly T? value;

    private Result(T? value, Error? error)
    {
        this.value = value;
        Error = error;
    }

    /// <summary>The refusal, or null on success.</summary>
    public Error? Error { get; }

    /// <summary>The value; reading it on a refusal is a defect.</summary>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"No value: {Error.Code}");

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);
}

/// <summary>The response of a use case that has nothing to say but "done" (HTTP 204).</summary>
public sealed record Done
{
    public static readonly Done Instance = new();
}
