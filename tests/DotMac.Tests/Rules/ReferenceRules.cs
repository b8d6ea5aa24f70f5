using System.Xml.Linq;
using Mono.Cecil;

namespace DotMac.Tests.Rules;

/// <summary>Who may know whom: between projects, and between the modules of one group.</summary>
public sealed class ReferenceRules
{
    /// <summary>The picture of ARCHITECTURE.md. The groups never name each other.</summary>
    private static readonly Dictionary<string, string[]> Picture = new(StringComparer.Ordinal)
    {
        ["DotMac.Kernel"] = [],
        ["DotMac.Contracts"] = [],
        ["DotMac.Radius"] = [],
        ["DotMac.Platform"] = ["DotMac.Contracts", "DotMac.Kernel"],
        ["DotMac.Access"] = ["DotMac.Contracts", "DotMac.Kernel", "DotMac.Radius"],
        ["DotMac.Network"] = ["DotMac.Contracts", "DotMac.Kernel"],
        ["DotMac.Host"] = ["DotMac.Access", "DotMac.Contracts", "DotMac.Kernel", "DotMac.Network", "DotMac.Platform", "DotMac.Radius"],
    };

    /// <summary>Groups whose second name is a module. What stands at a group's root (its context, its table of contents) belongs to all its modules.</summary>
    private static readonly string[] Groups = ["DotMac.Platform", "DotMac.Access", "DotMac.Network", "DotMac.Canary"];

    /// <summary>Modules that may name another one's types, and why. Everything else goes through Contracts.</summary>
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["DotMac.Access.Coa > DotMac.Access.Aaa"] =
            "a CoA-Request says rates and VLANs in the octets of an Access-Accept: one vendor table",
        ["DotMac.Access.Provisioning > DotMac.Access.Subscribers"] =
            "workflows change the one entity that the AAA plane reads; what the Subscribers module wants of them it asks through Contracts",
        ["DotMac.Access.Provisioning > DotMac.Access.NetworkProfiles"] =
            "an order brings a line's fields: they are read, and their conflicts found, where lines are",
        ["DotMac.Platform.Tenants > DotMac.Platform.Identity"] =
            "a new tenant is founded with its roles and first administrator in one transaction",
        ["DotMac.Access.NetworkProfiles > DotMac.Access.Subscribers"] =
            "the facts of a line that RADIUS needs are columns of the subscriber: one fact, one place, one reading of addresses",
        ["DotMac.Access.FreeRadius > DotMac.Access.Aaa"] =
            "FreeRADIUS is the other way to the same policy: one decision, one reply table, one journal",
    };

    [Fact]
    public void Projects_refer_to_each_other_as_in_the_picture()
    {
        var actual = Directory
            .GetFiles(Path.Combine(Code.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(
                f => Path.GetFileNameWithoutExtension(f),
                f =>
                    XDocument
                        .Load(f)
                        .Descendants("ProjectReference")
                        .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value))
                        .ToArray()
            );
        Differences(actual).ShouldBeEmpty();
    }

    [Fact]
    public void Radius_stands_on_the_base_library_alone()
    {
        var project = XDocument.Load(Path.Combine(Code.Root, "src/DotMac.Radius/DotMac.Radius.csproj"));
        project.Descendants().Where(e => e.Name.LocalName is "PackageReference" or "FrameworkReference").ShouldBeEmpty();
    }

    [Fact]
    public void The_picture_refuses_a_reference_between_groups_and_a_project_it_does_not_know()
    {
        Differences(new() { ["DotMac.Platform"] = ["DotMac.Access", "DotMac.Contracts", "DotMac.Kernel"] }).ShouldNotBeEmpty();
        Differences(new() { ["DotMac.Kernel"] = ["DotMac.Contracts"] }).ShouldNotBeEmpty();
        Differences(new() { ["DotMac.Surprise"] = [] }).ShouldNotBeEmpty();
    }

    [Fact]
    public void The_kernel_names_no_module() =>
        Code
            .Product.Where(t => Code.Assembly(t) is "DotMac.Kernel" or "DotMac.Radius" or "DotMac.Contracts")
            .SelectMany(Foreign)
            .ShouldBeEmpty();

    [Fact]
    public void Modules_of_a_group_know_each_other_only_through_contracts() => Crossings(Code.Product).ShouldBeEmpty();

    [Fact]
    public void Crossings_are_found_also_in_async_bodies()
    {
        var found = Crossings(Code.Canary).ToList();
        found.ShouldContain(f => f.Contains("DotMac.Canary.One > DotMac.Canary.Two (ReachesAcross"));
        found.ShouldContain(f => f.Contains("DotMac.Canary.One > DotMac.Canary.Two (ReachesAcrossLater"));
    }

    [Fact]
    public void Every_allowed_crossing_is_still_needed()
    {
        var used = Pairs(Code.Product).Select(p => p.Pair).ToHashSet(StringComparer.Ordinal);
        Allowed.Keys.Where(a => !used.Contains(a)).ShouldBeEmpty();
    }

    private static IEnumerable<string> Differences(Dictionary<string, string[]> actual) =>
        actual
            .Where(p =>
                !Picture.TryGetValue(p.Key, out var drawn)
                || !drawn.SequenceEqual(p.Value.Order(StringComparer.Ordinal), StringComparer.Ordinal)
            )
            .Select(p => $"{p.Key} refers to {string.Join(", ", p.Value)}");

    private static IEnumerable<string> Foreign(TypeDefinition type) =>
        Code.Uses(type)
            .Where(u =>
                u.Scope is AssemblyNameReference { Name: var name } && name.StartsWith("dotmac", StringComparison.OrdinalIgnoreCase)
            )
            .Select(u => $"{Code.Written(type).FullName} names {u.FullName}");

    private static IEnumerable<string> Crossings(IEnumerable<TypeDefinition> types) =>
        Pairs(types).Where(p => !Allowed.ContainsKey(p.Pair)).Select(p => $"{p.Pair} ({p.From} names {p.To})").Distinct();

    private static IEnumerable<(string Pair, string From, string To)> Pairs(IEnumerable<TypeDefinition> types) =>
        from type in types
        let own = Module(Code.Written(type).Namespace)
        where own is not null
        from used in Code.Uses(type)
        let other = Module(Outermost(used).Namespace)
        where other is not null && other != own && Group(other) == Group(own)
        select ($"{own} > {other}", Code.Written(type).Name, used.Name);

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is null ? type : Outermost(type.DeclaringType);

    private static string Group(string module) => module[..module.LastIndexOf('.')];

    private static string? Module(string? space)
    {
        var group = Array.Find(Groups, g => space?.StartsWith(g + ".", StringComparison.Ordinal) == true);
        return group is null ? null : $"{group}.{space![(group.Length + 1)..].Split('.')[0]}";
    }
}
