using System.Globalization;

namespace DotMac.Radius.Dictionaries;

/// <summary>
/// Reads one dictionary file and those it includes. Lines: ATTRIBUTE name number type [flags], VALUE attribute name number,
/// VENDOR name number [format=], BEGIN-/END-VENDOR, BEGIN-/END-TLV, $INCLUDE[-] file; # begins a comment.
/// </summary>
/// <param name="open">Gives the text of a file included from another (null for the first), or null when there is none.</param>
internal sealed class DictionaryReader(DictionaryContent content, Func<string, string?, TextReader?> open)
{
    private const int MaxDepth = 16;

    private readonly Stack<AttributeDefinition> _tlvs = [];
    private readonly List<string> _files = [];
    private uint _vendor;
    private AttributeDefinition? _vendorParent;
    private string _file = string.Empty;
    private int _line;

    public void Read(string file)
    {
        var text = open(file, _files.Count == 0 ? null : _files[^1]);
        if (text is null)
        {
            Fault($"cannot open {file}");
            return;
        }

        if (_files.Count == MaxDepth)
        {
            Fault($"$INCLUDE is nested more than {MaxDepth} deep");
            return;
        }

        var (outerFile, outerLine) = (_file, _line);
        var name = _files.Count == 0 || Path.IsPathRooted(file) ? file : Path.Combine(Path.GetDirectoryName(_files[^1]) ?? "", file);
        _files.Add(name);
        _file = Path.GetFileName(name);
        _line = 0;
        while (text.ReadLine() is { } line)
        {
            _line++;
            ReadLine(line);
        }

        if (_vendor != 0)
        {
            Fault("BEGIN-VENDOR without END-VENDOR");
            (_vendor, _vendorParent) = (0, null);
        }

        if (_tlvs.Count > 0)
        {
            Fault($"BEGIN-TLV {_tlvs.Peek().Name} without END-TLV");
            _tlvs.Clear();
        }

        _files.RemoveAt(_files.Count - 1);
        (_file, _line) = (outerFile, outerLine);
    }

    private void ReadLine(string line)
    {
        var comment = line.IndexOf('#', StringComparison.Ordinal);
        var words = (comment < 0 ? line : line[..comment]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return;
        }

        var fault = words[0].ToUpperInvariant() switch
        {
            "ATTRIBUTE" => ReadAttribute(words),
            "VALUE" => ReadValue(words),
            "VENDOR" => ReadVendor(words),
            "BEGIN-VENDOR" => BeginVendor(words),
            "END-VENDOR" => EndVendor(words),
            "BEGIN-TLV" => BeginTlv(words),
            "END-TLV" => EndTlv(words),
            "$INCLUDE" => Include(words, optional: false),
            "$INCLUDE-" => Include(words, optional: true),
            _ => $"unknown keyword {words[0]}",
        };
        if (fault is not null)
        {
            Fault(fault);
        }
    }

    private string? ReadAttribute(string[] words)
    {
        if (words.Length is < 4 or > 5)
        {
            return "expected ATTRIBUTE name number type [flags]";
        }

        var vendor = _vendor;
        var flags = new AttributeFlags();
        if (words.Length == 5)
        {
            if (_vendor == 0 && content.TryFindVendor(words[4], out var named))
            {
                vendor = named;
            }
            else if (flags.Read(words[4]) is { } wrong)
            {
                return $"unknown flag {wrong}";
            }
        }

        if (!DataTypeNames.TryParse(words[3], out var dataType, out var fixedLength))
        {
            return $"unknown type {words[3]}";
        }

        var parent = _tlvs.Count > 0 ? _tlvs.Peek() : _vendorParent;
        var numbers = words[2].TrimStart('.').Split('.');
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!TryReadNumber(numbers[i], out var number) || number > uint.MaxValue)
            {
                return $"not a number: {words[2]}";
            }

            AttributeDefinition? found = null;
            _ = parent is null ? content.TryFind(vendor, (uint)number, out found) : parent.TryGetChild((uint)number, out found);
            if (i == numbers.Length - 1)
            {
                return content.AddAttribute(flags.Define(words[1], vendor, (uint)number, dataType, fixedLength, parent, found));
            }

            if (found is null)
            {
                return $"{words[2]} has an undefined parent";
            }

            parent = found;
        }

        return null;
    }

    private string? ReadValue(string[] words)
    {
        if (words.Length != 4)
        {
            return "expected VALUE attribute name number";
        }

        if (!TryReadNumber(words[3], out var number))
        {
            return $"not a number: {words[3]}";
        }

        content.AddValue(_file, _line, words[1], words[2], number);
        return null;
    }

    private string? ReadVendor(string[] words)
    {
        if (words.Length is < 3 or > 4 || !TryReadNumber(words[2], out var number) || number is 0 or > uint.MaxValue)
        {
            return "expected VENDOR name number [format=t,l]";
        }

        var vendor = new VendorDefinition(words[1], (uint)number);
        if (words.Length == 4)
        {
            var parts = words[3].StartsWith("format=", StringComparison.OrdinalIgnoreCase) ? words[3]["format=".Length..].Split(',') : [];
            if (
                parts.Length is < 2 or > 3
                || parts[0] is not ("1" or "2" or "4")
                || parts[1] is not ("0" or "1" or "2")
                || (parts.Length == 3 && parts[2] is not "c")
            )
            {
                return $"unknown format {words[3]}";
            }

            vendor = vendor with { TypeOctets = parts[0][0] - '0', LengthOctets = parts[1][0] - '0', HasContinuation = parts.Length == 3 };
        }

        return content.AddVendor(vendor);
    }

    private string? BeginVendor(string[] words)
    {
        if (words.Length is < 2 or > 3 || !content.TryFindVendor(words[1], out var vendor))
        {
            return words.Length < 2 ? "expected BEGIN-VENDOR name" : $"unknown vendor {words[1]}";
        }

        if (_vendor != 0)
        {
            return "BEGIN-VENDOR inside BEGIN-VENDOR";
        }

        if (words.Length == 3)
        {
            var name = words[2][(words[2].IndexOf('=', StringComparison.Ordinal) + 1)..];
            if (!content.TryFind(name, out var inside) || inside.DataType != AttributeDataType.ExtendedVsa)
            {
                return $"unknown format {words[2]}";
            }

            if (!inside.TryGetChild(vendor, out var parent))
            {
                parent = new AttributeDefinition($"{name}.{vendor}", vendor, vendor, AttributeDataType.Tlv, inside);
                inside.AddChild(parent);
            }

            _vendorParent = parent;
        }

        _vendor = vendor;
        return null;
    }

    private string? EndVendor(string[] words)
    {
        if (words.Length != 2 || !content.TryFindVendor(words[1], out var vendor) || vendor != _vendor)
        {
            return "END-VENDOR does not match BEGIN-VENDOR";
        }

        (_vendor, _vendorParent) = (0, null);
        return null;
    }

    private string? BeginTlv(string[] words)
    {
        if (words.Length != 2 || !content.TryFind(words[1], out var tlv) || tlv.DataType != AttributeDataType.Tlv)
        {
            return "expected BEGIN-TLV and the name of an attribute of type tlv";
        }

        _tlvs.Push(tlv);
        return null;
    }

    private string? EndTlv(string[] words)
    {
        if (words.Length != 2 || _tlvs.Count == 0 || !string.Equals(_tlvs.Peek().Name, words[1], StringComparison.OrdinalIgnoreCase))
        {
            return "END-TLV does not match BEGIN-TLV";
        }

        _tlvs.Pop();
        return null;
    }

    private string? Include(string[] words, bool optional)
    {
        if (words.Length != 2)
        {
            return "expected $INCLUDE file";
        }

        if (!optional || open(words[1], _files[^1]) is not null)
        {
            Read(words[1]);
        }

        return null;
    }

    private static bool TryReadNumber(string text, out ulong number) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private void Fault(string message) => content.Faults.Add(new DictionaryFault(_file, _line, message));
}
