using System.Collections.Frozen;

namespace DotMac.Platform.Identity;

/// <summary>One thing that a caller may be allowed to do.</summary>
/// <param name="Area">Groups permissions on the screen.</param>
/// <param name="IsPlatform">Of platform administrators only: no role of a tenant can hold it.</param>
internal sealed record Permission(string Name, string Area, string Description, bool IsPlatform = false);

/// <summary>Every permission there is. Permissions are code: a tenant combines them into roles, but makes none.</summary>
internal static class Permissions
{
    public const string PlatformTenantsRead = "platform.tenants.read";
    public const string PlatformTenantsWrite = "platform.tenants.write";

    public static readonly IReadOnlyList<Permission> All =
    [
        new("dashboard.read", "Home", "See the home page with its figures"),
        new("isp.radius.read", "RADIUS", "See subscribers, NAS, profiles, sessions and decisions"),
        new("isp.radius.write", "RADIUS", "Create and change subscribers, NAS and profiles; reveal their secrets"),
        new("isp.radius.sessions.manage", "RADIUS", "Disconnect live sessions and change their authorization"),
        new("isp.oss.read", "Operations", "See services and their provisioning"),
        new("isp.oss.configure", "Operations", "Change how services are provisioned"),
        new("isp.ipam.read", "Address plan", "See prefixes, addresses and VLANs"),
        new("isp.ipam.write", "Address plan", "Change prefixes, addresses and VLANs"),
        new("isp.network.pon.read", "PON", "See OLTs and ONUs with their optical levels"),
        new("isp.network.pon.write", "PON", "Provision, change and remove ONUs"),
        new("isp.cpe.read", "CPE", "See customer devices and their parameters"),
        new("isp.cpe.write", "CPE", "Configure, reboot and upgrade customer devices"),
        new("isp.automation.read", "Automation", "See automation jobs and their results"),
        new("isp.automation.execute", "Automation", "Start automation jobs"),
        new("fiber.read", "Fibre plant", "See routes, splices and splitters"),
        new("fiber.write", "Fibre plant", "Change routes, splices and splitters"),
        new("wireless.read", "Wireless", "See access points and links"),
        new("wireless.write", "Wireless", "Change access points and links"),
        new("vpn.read", "VPN", "See tunnels"),
        new("vpn.write", "VPN", "Change tunnels"),
        new("faults.read", "Faults", "See alarms and incidents"),
        new("faults.write", "Faults", "Acknowledge and close alarms and incidents"),
        new("crm.read", "Customers", "See customers and their orders"),
        new("crm.write", "Customers", "Create and change customers and orders"),
        new("billing.read", "Billing", "See invoices, payments and balances"),
        new("billing.write", "Billing", "Issue invoices, take payments, change tariffs"),
        new("support.read", "Support", "See tickets"),
        new("support.write", "Support", "Open, answer and close tickets"),
        new("partner.self", "Partners", "As a reseller: work with the customers he brought"),
        new("portal.self", "Portal", "As a customer: see and order what is his own"),
        new("users.read", "Users", "See users"),
        new("users.write", "Users", "Create and change users, reset their passwords"),
        new("roles.read", "Users", "See roles"),
        new("roles.write", "Users", "Create and change roles"),
        new("api_keys.read", "Users", "See API keys"),
        new("api_keys.write", "Users", "Create and delete API keys"),
        new("audit.read", "Audit", "Read and verify the audit trail"),
        new("settings.read", "Settings", "See the settings"),
        new("settings.write", "Settings", "Change the settings"),
        new(PlatformTenantsRead, "Platform", "See all tenants", IsPlatform: true),
        new(PlatformTenantsWrite, "Platform", "Create tenants and change their state", IsPlatform: true),
    ];

    /// <summary>What a tenant's roles may hold.</summary>
    public static readonly FrozenSet<string> OfTenants = All.Where(p => !p.IsPlatform)
        .Select(p => p.Name)
        .ToFrozenSet(StringComparer.Ordinal);

    public static readonly IReadOnlyList<string> OfPlatform = [.. All.Where(p => p.IsPlatform).Select(p => p.Name)];
}
