namespace DotMac.Radius.Dictionaries;

/// <summary>One line of a dictionary that could not be used, and why. The line was left out; the rest stands.</summary>
/// <param name="Line">Counted from 1; 0 when the file as a whole is meant.</param>
public sealed record DictionaryFault(string File, int Line, string Message)
{
    public override string ToString() => $"{File}:{Line}: {Message}";
}
