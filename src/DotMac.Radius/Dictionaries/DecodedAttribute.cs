namespace DotMac.Radius.Dictionaries;

/// <summary>One attribute made readable.</summary>
/// <param name="Name">From the dictionary; Attr-241.1 or Attr-26.99999.1 when unknown.</param>
/// <param name="Path">How the number is written, with parents.</param>
/// <param name="Tag">1..31, or null when untagged.</param>
/// <param name="Text">The value; octets, and what does not fit its type, as 0x… in lower case; secrets as asterisks.</param>
public sealed record DecodedAttribute(string Name, string Path, byte? Tag, string Text)
{
    /// <summary>What stands for the value of a secret attribute.</summary>
    public const string Hidden = "***";

    public override string ToString() => Tag is null ? $"{Name} = {Text}" : $"{Name}:{Tag} = {Text}";
}
