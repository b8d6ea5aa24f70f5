using DotMac.Access;
using DotMac.Kernel.UseCases;
using DotMac.Network;
using DotMac.Platform;
using Mono.Cecil;

namespace DotMac.Tests.Rules;

/// <summary>What types look like: who is visible, how they are called, and that no use case is forgotten.</summary>
public sealed class ShapeRules
{
    private const string HandlerRole = "DotMac.Kernel.UseCases.IHandle`2";
    private const string EventRole = "DotMac.Kernel.Outbox.IHandleEvent`1";
    private static readonly string[] EmptyWords = ["Service", "Manager", "Helper", "Helpers", "Util", "Utils", "Impl", "Info", "Dto"];
    private static readonly string[] NotAsync = ["Handle", "Get", "Post", "Put", "Patch", "Delete"];

    [Fact]
    public void Entities_contexts_and_handlers_are_internal() => Visible(Code.Product).ShouldBeEmpty();

    [Fact]
    public void Visible_ones_are_found()
    {
        var found = Visible(Code.Canary).ToList();
        found.ShouldContain("VisibleContext is public");
        found.ShouldContain("VisibleEntity is public");
        found.ShouldContain("Handler is public");
    }

    [Fact]
    public void Names_say_what_a_thing_is() => EmptyNames(Code.Product).ShouldBeEmpty();

    [Fact]
    public void Empty_words_are_found() => EmptyNames(Code.Canary).ShouldContain("DotMac.Canary.One.OrderManager");

    [Fact]
    public void What_returns_a_task_says_so() => Unmarked(Code.Product).ShouldBeEmpty();

    [Fact]
    public void An_unmarked_task_is_found() => Unmarked(Code.Canary).ShouldContain("OrderManager.Fetch");

    [Fact]
    public void Every_use_case_is_in_its_groups_table_of_contents()
    {
        var listed = PlatformModule.UseCases.Concat(AccessModule.UseCases).Concat(NetworkModule.UseCases).ToList();
        listed.Select(u => u.Name).Distinct().Count().ShouldBe(listed.Count, "no use case twice");
        Unlisted(Code.Product, listed).ShouldBeEmpty();
    }

    [Fact]
    public void A_forgotten_use_case_is_found() => Unlisted(Code.Canary, []).ShouldContain("DotMac.Canary.One.ForgottenUseCase");

    private static IEnumerable<string> Visible(IReadOnlyList<TypeDefinition> types)
    {
        var contexts = types.Where(t => t.BaseType?.FullName == "Microsoft.EntityFrameworkCore.DbContext").ToList();
        var entities = contexts
            .SelectMany(c => c.Properties)
            .Select(p => p.PropertyType)
            .OfType<GenericInstanceType>()
            .Where(p => p.ElementType.Name == "DbSet`1")
            .Select(p => p.GenericArguments[0].Resolve());
        var handlers = types.Where(t => Code.Implements(t, HandlerRole) || Code.Implements(t, EventRole));
        return contexts.Concat(entities).Concat(handlers).Where(IsPublic).Select(t => $"{t.Name} is public");
    }

    private static bool IsPublic(TypeDefinition type) => type.IsPublic || (type.IsNestedPublic && IsPublic(type.DeclaringType));

    private static IEnumerable<string> EmptyNames(IEnumerable<TypeDefinition> types) =>
        types
            .Where(t => !Code.IsCompilerMade(t))
            .Where(t => Array.Exists(EmptyWords, w => t.Name.Split('`')[0].EndsWith(w, StringComparison.Ordinal)))
            .Select(t => t.FullName);

    private static IEnumerable<string> Unmarked(IEnumerable<TypeDefinition> types) =>
        from type in types
        where !Code.IsCompilerMade(type)
        from method in type.Methods
        where IsTask(method.ReturnType) && !method.Name.Contains('<', StringComparison.Ordinal) && !method.IsGetter && !method.IsConstructor
        where !method.Name.EndsWith("Async", StringComparison.Ordinal) && !NotAsync.Contains(method.Name, StringComparer.Ordinal)
        where !IsForced(method) && method.Name != "Invoke" && method.Name != "BeginInvoke" && method.Name != "EndInvoke"
        select $"{type.Name}.{method.Name}";

    private static bool IsTask(TypeReference type) =>
        type.GetElementType().FullName
            is "System.Threading.Tasks.Task"
                or "System.Threading.Tasks.Task`1"
                or "System.Threading.Tasks.ValueTask"
                or "System.Threading.Tasks.ValueTask`1";

    /// <summary>An override or an explicit implementation has the name that another gave it.</summary>
    private static bool IsForced(MethodDefinition method) => (method.IsVirtual && method.IsReuseSlot) || method.HasOverrides;

    private static IEnumerable<string> Unlisted(IEnumerable<TypeDefinition> types, IEnumerable<UseCase> listed)
    {
        var known = listed.Select(u => u.Handler.FullName!.Replace('+', '/')).ToHashSet(StringComparer.Ordinal);
        return types
            .Where(t => Code.Implements(t, HandlerRole) && Code.Assembly(t) != "DotMac.Kernel" && !known.Contains(t.FullName))
            .Select(t => Code.Written(t).FullName);
    }
}
