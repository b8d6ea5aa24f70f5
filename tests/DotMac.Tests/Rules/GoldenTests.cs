using System.Text.RegularExpressions;
using DotMac.Access;
using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Decisions;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.UseCases;
using DotMac.Network;
using DotMac.Platform;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace DotMac.Tests.Rules;

/// <summary>Error codes, stored enum numbers and event shapes only grow.</summary>
public sealed partial class GoldenTests
{
    private const string ErrorType = "DotMac.Kernel.Results.Error";

    /// <summary>Enums whose numbers are stored without standing in an entity.</summary>
    private static readonly Type[] StoredOtherwise = [typeof(CallerKind)];

    [Fact]
    public void Error_codes_only_grow()
    {
        var codes = ErrorCodes(Code.Product).ToList();
        codes.ShouldContain("auth.invalid_credentials");
        codes.ShouldContain("validation.failed");
        codes.Where(c => !Shape().IsMatch(c)).ShouldBeEmpty("dotted, lower case");
        Golden.ShouldOnlyGrow("error-codes.txt", codes);
    }

    [Fact]
    public void An_error_code_is_found_where_it_is_made() => ErrorCodes(Code.Canary).ShouldBe(["canary.sang", "canary.silent"]);

    [Fact]
    public void Stored_enum_numbers_only_grow()
    {
        var enums = StoredEnums().Distinct().ToList();
        enums.ShouldNotBeEmpty();
        Golden.ShouldOnlyGrow(
            "stored-enums.txt",
            enums.SelectMany(e => Enum.GetNames(e).Select(n => $"{e.Name}.{n} = {Convert.ToInt64(Enum.Parse(e, n))}"))
        );
    }

    [Fact]
    public void Verdict_codes_and_their_numbers_only_grow()
    {
        Verdict.All.Select(v => v.Code).ShouldBeUnique();
        Golden.ShouldOnlyGrow("verdict-codes.txt", DecisionCodes.Numbers.Select(p => $"{p.Key} = {p.Value}"));
    }

    [Fact]
    public void Event_shapes_only_grow()
    {
        var kinds = PlatformModule.Events.Concat(AccessModule.Events).Concat(NetworkModule.Events).ToList();
        kinds.Select(k => k.Name).Distinct().Count().ShouldBe(kinds.Count);
        Golden.ShouldOnlyGrow("events.txt", kinds.SelectMany(Shape));
    }

    private static IEnumerable<string> Shape(EventKind kind) =>
        kind.Type.GetProperties().Select(p => $"{kind.Name} {p.Name}: {Name(p.PropertyType)}");

    private static string Name(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? Name(inner) + "?"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;

    /// <summary>The enums in entities: what EF writes as numbers.</summary>
    private static IEnumerable<Type> StoredEnums() =>
        typeof(PlatformModule)
            .Assembly.GetTypes()
            .Concat(typeof(AccessModule).Assembly.GetTypes())
            .Concat(typeof(NetworkModule).Assembly.GetTypes())
            .Where(t => t.BaseType?.FullName == "Microsoft.EntityFrameworkCore.DbContext")
            .SelectMany(c => c.GetProperties())
            .Where(p => p.PropertyType.Name == "DbSet`1")
            .SelectMany(p => p.PropertyType.GetGenericArguments()[0].GetProperties())
            .Select(p => Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType)
            .Where(t => t.IsEnum)
            .Concat(StoredOtherwise);

    /// <summary>The code is the last dotted text that was loaded before an Error was made.</summary>
    private static IEnumerable<string> ErrorCodes(IEnumerable<TypeDefinition> types)
    {
        var made = types.SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(MadeIn);
        var mapped = types
            .Where(t => t.FullName == "DotMac.Kernel.Http.Problems")
            .SelectMany(t => t.Methods)
            .Where(m => m.Name == "Complete")
            .SelectMany(m => m.Body.Instructions)
            .Select(i => i.Operand)
            .OfType<string>()
            .Where(s => Shape().IsMatch(s));
        return made.Concat(mapped).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> MadeIn(MethodDefinition method)
    {
        foreach (var instruction in method.Body.Instructions)
        {
            var makes =
                instruction.Operand is MethodReference { DeclaringType.FullName: ErrorType } called
                && (called.Name is ".ctor" or "NotFound" or "Conflict" or "Changed" or "Invalid")
                && called.Parameters.Count > 0
                && called.Parameters[0].ParameterType.FullName != ErrorType;
            if (!makes)
            {
                continue;
            }

            for (var before = instruction.Previous; before is not null; before = before.Previous)
            {
                if (before.OpCode == OpCodes.Ldstr && Shape().IsMatch((string)before.Operand))
                {
                    yield return (string)before.Operand;
                    break;
                }
            }
        }
    }

    [GeneratedRegex(@"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")]
    private static partial Regex Shape();
}
