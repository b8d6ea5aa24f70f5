namespace DotMac.Platform.Identity;

/// <summary>A role that every tenant has from its first day; its permissions are code and follow each release.</summary>
internal sealed record SystemRole(string Name, string Description, IReadOnlyList<string> Permissions);

/// <summary>
/// The seeded roles. Three lines hold between them: NOC staff cannot see billing, billing staff cannot disconnect sessions
/// (nor disable a subscriber, which does the same), support cannot provision ONUs.
/// </summary>
internal static class SystemRoles
{
    public const string TenantAdmin = "tenant_admin";

    private static readonly string[] Network =
    [
        "isp.oss.read",
        "isp.radius.read",
        "isp.ipam.read",
        "isp.network.pon.read",
        "isp.cpe.read",
        "isp.automation.read",
        "fiber.read",
        "wireless.read",
        "vpn.read",
        "faults.read",
    ];

    public static readonly IReadOnlyList<SystemRole> All =
    [
        new(TenantAdmin, "Everything in this tenant", [.. Permissions.All.Where(p => !p.IsPlatform).Select(p => p.Name)]),
        new(
            "noc_engineer",
            "Watches and mends the network; no billing",
            [
                "dashboard.read",
                .. Network,
                "isp.radius.sessions.manage",
                "isp.network.pon.write",
                "isp.cpe.write",
                "isp.automation.execute",
                "faults.write",
                "support.read",
            ]
        ),
        new(
            "network_admin",
            "Builds and configures the network; no billing",
            [
                "dashboard.read",
                .. Network,
                "isp.oss.configure",
                "isp.radius.write",
                "isp.radius.sessions.manage",
                "isp.ipam.write",
                "isp.network.pon.write",
                "isp.cpe.write",
                "isp.automation.execute",
                "fiber.write",
                "wireless.write",
                "vpn.write",
                "faults.write",
                "support.read",
                "settings.read",
            ]
        ),
        new(
            "support_agent",
            "Answers customers; cannot provision ONUs",
            [
                "dashboard.read",
                "isp.oss.read",
                "isp.radius.read",
                "isp.radius.sessions.manage",
                "isp.network.pon.read",
                "isp.cpe.read",
                "faults.read",
                "crm.read",
                "crm.write",
                "billing.read",
                "support.read",
                "support.write",
            ]
        ),
        new(
            "billing_manager",
            "Invoices and payments; cannot disconnect sessions",
            ["dashboard.read", "isp.radius.read", "crm.read", "crm.write", "billing.read", "billing.write", "support.read"]
        ),
        new(
            "field_technician",
            "Installs and repairs on site",
            [
                "isp.radius.read",
                "isp.network.pon.read",
                "isp.network.pon.write",
                "isp.cpe.read",
                "isp.cpe.write",
                "fiber.read",
                "fiber.write",
                "wireless.read",
                "faults.read",
                "support.read",
                "support.write",
            ]
        ),
        new("reseller", "Sells for this tenant; sees his own customers alone", ["partner.self"]),
        new("customer", "Uses the portal; sees what is his own alone", ["portal.self"]),
        new(
            "read_only_auditor",
            "Reads everything, changes nothing",
            [.. Permissions.All.Where(p => !p.IsPlatform && p.Name.EndsWith(".read", StringComparison.Ordinal)).Select(p => p.Name)]
        ),
    ];
}
