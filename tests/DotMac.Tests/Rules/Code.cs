using Mono.Cecil;
using Mono.Cecil.Cil;

namespace DotMac.Tests.Rules;

/// <summary>The built assemblies, read as they are: compiler-made types (async bodies, lambdas, iterators) are counted to the type they were written in.</summary>
internal static class Code
{
    private static readonly string[] Names =
    [
        "DotMac.Kernel",
        "DotMac.Contracts",
        "DotMac.Radius",
        "DotMac.Platform",
        "DotMac.Access",
        "DotMac.Network",
        "dotmac",
    ];

    /// <summary>Every type of the product, nested and compiler-made ones too.</summary>
    public static IReadOnlyList<TypeDefinition> Product { get; } = [.. Names.SelectMany(Read)];

    /// <summary>The planted violations.</summary>
    public static IReadOnlyList<TypeDefinition> Canary { get; } =
    [.. Read("DotMac.Tests").Where(t => Written(t).Namespace.StartsWith("DotMac.Canary", StringComparison.Ordinal))];

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The outermost type that this one was written in.</summary>
    public static TypeDefinition Written(TypeDefinition type) => type.DeclaringType is null ? type : Written(type.DeclaringType);

    public static string Assembly(TypeDefinition type) => type.Module.Assembly.Name.Name;

    public static bool IsCompilerMade(TypeDefinition type) =>
        type.Name.Contains('<', StringComparison.Ordinal) || (type.DeclaringType is not null && IsCompilerMade(type.DeclaringType));

    /// <summary>Every method and field that the bodies of a type name.</summary>
    public static IEnumerable<MemberReference> Members(TypeDefinition type) =>
        type.Methods.Where(m => m.HasBody).SelectMany(m => m.Body.Instructions).Select(i => i.Operand).OfType<MemberReference>();

    /// <summary>Every type that a type names anywhere: bases, signatures, attributes, bodies, generic arguments.</summary>
    public static IEnumerable<TypeReference> Uses(TypeDefinition type)
    {
        var direct = new List<TypeReference?> { type.BaseType };
        direct.AddRange(type.Interfaces.Select(i => i.InterfaceType));
        direct.AddRange(type.CustomAttributes.Select(a => a.AttributeType));
        direct.AddRange(type.Fields.Select(f => f.FieldType));
        direct.AddRange(type.Properties.Select(p => p.PropertyType));
        foreach (var method in type.Methods)
        {
            direct.AddRange(Signature(method));
            direct.AddRange(method.CustomAttributes.Select(a => a.AttributeType));
            if (method.HasBody)
            {
                direct.AddRange(method.Body.Variables.Select(v => v.VariableType));
                direct.AddRange(method.Body.Instructions.SelectMany(Operand));
            }
        }

        return direct.OfType<TypeReference>().SelectMany(Expand).Distinct();
    }

    public static bool Implements(TypeDefinition type, string genericInterface) =>
        type.Interfaces.Any(i => i.InterfaceType.GetElementType().FullName == genericInterface);

    private static IEnumerable<TypeReference?> Operand(Instruction instruction) =>
        instruction.Operand switch
        {
            MethodReference method =>
            [
                method.DeclaringType,
                .. Signature(method),
                .. (method as GenericInstanceMethod)?.GenericArguments ?? [],
            ],
            FieldReference field => [field.DeclaringType, field.FieldType],
            TypeReference type => [type],
            _ => [],
        };

    private static IEnumerable<TypeReference> Signature(MethodReference method) =>
        [method.ReturnType, .. method.Parameters.Select(p => p.ParameterType)];

    private static IEnumerable<TypeReference> Expand(TypeReference type) =>
        type switch
        {
            GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Expand)],
            TypeSpecification special => Expand(special.ElementType),
            GenericParameter => [],
            _ => [type],
        };

    private static IEnumerable<TypeDefinition> Read(string assembly) =>
        ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")).GetTypes().Where(t => t.Name != "<Module>");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DotMac.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("DotMac.slnx is in no folder above the tests.");
    }
}
