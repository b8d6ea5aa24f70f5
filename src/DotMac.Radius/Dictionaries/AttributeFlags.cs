namespace DotMac.Radius.Dictionaries;

/// <summary>The comma-separated words after an attribute's type.</summary>
internal sealed class AttributeFlags
{
    private bool _hasTag;
    private bool _isSecret;
    private bool _isConcatenated;
    private bool _isArray;
    private int _encryption;

    /// <summary>Returns the first word that is no flag, or null.</summary>
    public string? Read(string words)
    {
        foreach (var word in words.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (word.ToUpperInvariant())
            {
                case "HAS_TAG":
                    _hasTag = true;
                    break;
                case "ENCRYPT=1" or "ENCRYPT=2" or "ENCRYPT=3":
                    _encryption = word[^1] - '0';
                    break;
                case "SECRET":
                    _isSecret = true;
                    break;
                case "CONCAT":
                    _isConcatenated = true;
                    break;
                case "ARRAY":
                    _isArray = true;
                    break;
                case "VIRTUAL" or "INTERNAL":
                    break;
                default:
                    return word;
            }
        }

        return null;
    }

    public AttributeDefinition Define(
        string name,
        uint vendor,
        uint number,
        AttributeDataType dataType,
        int? fixedLength,
        AttributeDefinition? parent,
        AttributeDefinition? sameNumber
    ) =>
        new(name, vendor, number, dataType, parent, sameNumber)
        {
            FixedLength = fixedLength,
            HasTag = _hasTag,
            Encryption = _encryption,
            IsSecret = _isSecret || _encryption != 0,
            IsConcatenated = _isConcatenated,
            IsArray = _isArray,
        };
}
