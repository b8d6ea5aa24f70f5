using DotMac.Host.Settings;
using DotMac.Radius.Dictionaries;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Hosting;

/// <summary>The site's own dictionaries.</summary>
public sealed class DictionarySettingsTests
{
    [Fact]
    public async Task A_folder_adds_to_the_built_in_dictionary()
    {
        var folder = Workspace.NewFolder("dictionaries");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "dictionary.acme"),
            "VENDOR Acme 64999\nBEGIN-VENDOR Acme\nATTRIBUTE Acme-Tier 1 string\nEND-VENDOR Acme\n"
        );
        var dictionary = Read(folder, out var faults);
        faults.ShouldBeEmpty();
        dictionary!.TryFind("Acme-Tier", out var tier).ShouldBeTrue();
        tier.Path.ShouldBe("26.64999.1");
        dictionary.TryFind("User-Name", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Stock_dictionaries_may_be_named_by_include()
    {
        var folder = Workspace.NewFolder("dictionaries");
        await File.WriteAllTextAsync(Path.Combine(folder, "dictionary"), "$INCLUDE dictionary.one\n");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "dictionary.one"),
            "VENDOR One 64998\nBEGIN-VENDOR One\nATTRIBUTE One-A 1 integer\nEND-VENDOR One\n"
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "dictionary.two"), "this is not read\n");
        var dictionary = Read(folder, out var faults);
        faults.ShouldBeEmpty();
        dictionary!.TryFind("One-A", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task What_cannot_be_used_is_named_with_file_and_line_and_stops_the_start()
    {
        var folder = Workspace.NewFolder("dictionaries");
        await File.WriteAllTextAsync(Path.Combine(folder, "dictionary.bad"), "VENDOR Bad 64997\nATTRIBUTE Oops banana string\n");
        var (code, output) = await HostProcess.RunAsync(
            new HostOptions
            {
                Command = ["serve"],
                Environment = new Dictionary<string, string> { ["DOTMAC_DICTIONARIES"] = folder },
            }
        );
        code.ShouldBe(2, output);
        output.ShouldContain("DOTMAC_DICTIONARIES: ");
        output.ShouldContain("dictionary.bad:2");

        Read(Path.Combine(folder, "none"), out var faults).ShouldBeNull();
        faults.Single().ShouldContain("There is no folder");
        Read(Workspace.NewFolder("empty"), out faults).ShouldBeNull();
        faults.Single().ShouldContain("holds no file");
    }

    private static RadiusDictionary? Read(string folder, out IReadOnlyList<string> faults) =>
        HostSettings.Read(new Dictionary<string, string> { ["DOTMAC_DICTIONARIES"] = folder }, out faults).Dictionary;
}
