using System.Text.RegularExpressions;

namespace DotMac.Kernel.Results;

/// <summary>Collects every fault of an input, so that the caller learns all of them at once.</summary>
/// <example><code>
/// var faults = new Faults();
/// faults.Length("name", command.Name, 1, 64);
/// faults.Range("vlan_id", command.VlanId, 1, 4094);
/// if (faults.Error is { } error) { return error; }
/// </code></example>
public sealed class Faults
{
    private readonly List<Fault> faults = [];

    /// <summary>The refusal <c>validation.failed</c> with all faults, or null when there is none.</summary>
    public Error? Error =>
        faults.Count == 0
            ? null
            : new Error(ErrorKind.Validation, "validation.failed", "Some of the input is not right; see errors.", faults);

    public bool Any => faults.Count > 0;

    public Faults Add(string field, string code, string message)
    {
        faults.Add(new Fault(field, code, message));
        return this;
    }

    public Faults Check(bool holds, string field, string code, string message) => holds ? this : Add(field, code, message);

    /// <summary>A text that must be there, with a length in characters between the bounds, and without control characters.</summary>
    public Faults Text(string field, string? text, int least, int most)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return least == 0 ? this : Add(field, "required", "This must be given.");
        }

        Check(text.Length >= least, field, "too_short", $"At least {least} characters.");
        Check(text.Length <= most, field, "too_long", $"At most {most} characters.");
        return Check(!text.Any(char.IsControl), field, "bad_character", "Control characters are not allowed.");
    }

    public Faults Range(string field, long? number, long least, long most) =>
        Check(number is null || (number >= least && number <= most), field, "out_of_range", $"From {least} to {most}.");

    public Faults Matches(string field, string? text, Regex pattern, string message) =>
        Check(text is null || pattern.IsMatch(text), field, "bad_format", message);
}
