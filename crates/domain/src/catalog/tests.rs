use super::*;
use crate::policy::Book;
use crate::term::BillingPlan;
use jiff::civil::{Date, date};

#[test]
fn built_in_texts_are_sound() {
    let catalog = Catalog::built_in();
    let vm = catalog.resource_type("VIRTUALMACHINES").unwrap();
    assert_eq!(
        (vm.name.as_str(), vm.catalog_name.as_str()),
        ("VirtualMachines", "virtualMachines")
    );
    assert_eq!(catalog.resource_types().count(), 42);
    assert_eq!(catalog.regions().count(), 72);
    assert!(catalog.resource_type("Sofas").is_none());
}

#[test]
fn software_and_prepurchase_plans_are_paid_upfront() {
    let catalog = Catalog::built_in();
    for name in ["SuseLinux", "RedHat", "RedHatOsa", "Databricks", "MDC", "AgentPrePurchase"] {
        let rt = catalog.resource_type(name).unwrap();
        assert_eq!(rt.on(Date::MAX).billing_plans, [BillingPlan::Upfront], "{name}");
    }
}

#[test]
fn types_change_on_their_days() {
    let catalog = Catalog::built_in();
    let kind = |name| catalog.resource_type(name).unwrap();
    let paid = |name, day| kind(name).on(day).billing_plans.clone();
    assert_eq!(paid("VirtualMachines", date(2019, 10, 31)), [BillingPlan::Upfront]);
    assert_eq!(paid("VirtualMachines", date(2019, 11, 1)), BillingPlan::ALL);
    assert_eq!(paid("VirtualMachines", date(2015, 1, 1)), [BillingPlan::Upfront]);
    assert!(kind("RedHat").stopped_on(date(2026, 1, 14)).is_none());
    assert_eq!(kind("RedHat").stopped_on(Date::MAX).map(|it| it.since), Some(date(2026, 1, 15)));
}

/// A plan that drains can be neither given back nor cut up, under the clauses as they are now.
#[test]
fn pre_purchase_plans_stay_what_they_are() {
    let catalog = Catalog::built_in();
    let rows = types::rows(&catalog, Book::built_in(), Date::MAX);
    let plans: Vec<_> = rows.iter().filter(|row| row.pre_purchase).collect();
    assert_eq!(plans.len(), 8);
    for row in plans {
        let barred = !row.refundable && !row.exchangeable && !row.rearranged;
        assert!(barred && row.becomes.is_empty(), "{}", row.name);
        assert_eq!(row.billing_plans, [BillingPlan::Upfront], "{}", row.name);
    }
}

#[test]
fn the_page_of_resource_types_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/resource-types.md");
    let page = types::page(&Catalog::built_in(), Book::built_in());
    if std::env::var_os("PRORATA_WRITE_DOCS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == page, "docs/resource-types.md is stale; its first lines say how it is written");
}

#[test]
fn titles_read_as_recorded() {
    let catalog = Catalog::built_in();
    let vm = catalog.resource_type("VirtualMachines").unwrap();
    let title = product_title(vm, "Standard_B1ls", catalog.region_title("WestUS"), Term::P1Y);
    assert_eq!(title, "Reserved VM Instance, Standard_B1ls, US West, 1 Year");
    let suse = catalog.resource_type("SuseLinux").unwrap();
    assert_eq!(product_title(suse, "x", "", Term::P3Y), "SUSE Linux Plan, x, 3 Years");
    assert_eq!(catalog.region_title("moonbase"), "moonbase");
}

#[test]
fn retail_names_find_their_type() {
    let catalog = Catalog::built_in();
    let of = |service, product| catalog.retail_type(service, product).map(|rt| rt.name.as_str());
    assert_eq!(of("Virtual Machines", "Virtual Machines Dv2 Series"), Some("VirtualMachines"));
    assert_eq!(of("Virtual Machines", "Dsv3 Series Dedicated Host"), Some("DedicatedHost"));
    assert_eq!(of("Storage", "Premium SSD Managed Disks"), Some("ManagedDisk"));
    assert_eq!(of("Storage", "Bandwidth"), None);
}

#[test]
fn a_series_is_read_from_the_name() {
    let cases = [
        ("Standard_D2s_v3", "Dsv3"),
        ("Standard_D2_v2", "Dv2"),
        ("Standard_DS2_v2", "Dsv2"),
        ("Standard_DS11-1_v2", "Dsv2"),
        ("Standard_D11_v2_Promo", "Dv2"),
        ("Standard_D2", "D"),
        ("Standard_DS2", "Ds"),
        ("Standard_F1", "F"),
        ("Standard_F1s", "Fs"),
        ("Standard_F2s_v2", "Fsv2"),
        ("Standard_A2_v2", "Av2"),
        ("Standard_A2m_v2", "Amv2"),
        ("Basic_A1", "A"),
        ("Standard_B1ls", "Bv1"),
        ("standard_b2s", "Bv1"),
        ("Standard_B12ms", "Bv1"),
        ("Standard_B2als_v2", "Basv2"),
        ("Standard_B2s_v2", "Bsv2"),
        ("Standard_G1", "G"),
        ("Standard_GS4-8", "Gs"),
        ("Standard_L4s", "Ls"),
        ("Standard_L8s_v2", "Lsv2"),
        ("Standard_E4s_v3", "Esv3"),
        ("Standard_E64-16s_v3", "Esv3"),
        ("Standard_E64is_v3", "Esv3"),
        ("Standard_E64i_v3", "Ev3"),
        ("Standard_D2ds_v5", "Ddsv5"),
        ("Standard_D2pls_v6", "Dplsv6"),
        ("D4s_v5", "Dsv5"),
        ("Standard_M128dms_v2", "Mdsv2"),
        ("Standard_M176bds_4_v3", "Mbdsv3"),
        ("Standard_NC24ads_A100_v4", "NCadsA100v4"),
        ("Standard_NV36adms_A10_v5", "NVadsA10v5"),
        ("Standard_DC16ads_cc_v5", "DCadsccv5"),
        ("Standard_HB120rs_v3", "HBrsv3"),
        ("Standard_FX12mds", "FXmds"),
    ];
    for (sku, series) in cases {
        assert_eq!(vm_series(sku).as_deref(), Some(series), "{sku}");
    }
    for sku in ["Dsv3_Type3", "NVSv3_Type1", "SQLG7 IaaS", "", "Standard_", "P1v3x y", "Premium"] {
        assert_eq!(vm_series(sku), None, "{sku}");
    }
}

#[test]
fn sizes_that_differ_in_premium_storage_alone_are_twins() {
    let catalog = Catalog::built_in();
    let twin = |sku| catalog.premium_twin("VirtualMachines", sku);
    for (without, with) in [
        ("Standard_F1", "Standard_F1s"),
        ("Standard_D1", "Standard_DS1"),
        ("Standard_D2_v2", "Standard_DS2_v2"),
        ("Standard_D2_v3", "Standard_D2s_v3"),
        ("Standard_D16d_v4", "Standard_D16ds_v4"),
        ("Standard_E64i_v3", "Standard_E64is_v3"),
        ("Standard_G5", "Standard_GS5"),
    ] {
        let found = twin(without).unwrap();
        assert_eq!((found.sku.as_str(), found.has_premium), (with, true));
        let found = twin(with).unwrap();
        assert_eq!((found.sku.as_str(), found.has_premium), (without, false));
    }
    // Later series and those that always have it come without a twin; so do types without sizes.
    for sku in ["Standard_F2s_v2", "Standard_M64", "Standard_B2s", "Standard_D2s_v6", "x"] {
        assert_eq!(twin(sku), None, "{sku}");
    }
    assert_eq!(catalog.premium_twin("DedicatedHost", "Standard_F1"), None);
}

#[test]
fn a_broken_catalog_text_is_refused() {
    let types = include_str!("../../../../catalog/azure/resource-types.toml");
    let regions = include_str!("../../../../catalog/azure/regions.toml");
    let twins = include_str!("../../../../catalog/azure/premium-storage-twins.toml");
    let twice = format!("{regions}\n[[region]]\narm = \"WestUS\"\ntitle = \"x\"\nname = \"x\"\n");
    let fault = Catalog::parse(types, &twice, twins).unwrap_err();
    assert_eq!(fault.to_string(), "regions.toml: `WestUS` is there twice");
    let falls = types.replacen("since = 2019-11-01", "since = 2018-11-01", 1);
    let fault = Catalog::parse(&falls, regions, twins).unwrap_err();
    let says = "resource-types.toml: `VirtualMachines` has values whose days do not rise";
    assert_eq!(fault.to_string(), says);
    let unknown = types.replace("size_flexible", "size_flexibel");
    assert!(matches!(
        Catalog::parse(&unknown, regions, twins),
        Err(CatalogError::Unreadable { .. })
    ));
    let other = types.replacen("\"virtualMachines\"", "\"vms\"", 1);
    assert!(Catalog::parse(&other, regions, twins).is_err());
    let two = format!("{twins}\n[[series]]\nwithout = \"Q\"\nwith = \"fs\"\n");
    let fault = Catalog::parse(types, regions, &two).unwrap_err();
    assert_eq!(fault.to_string(), "premium-storage-twins.toml: `fs` is there twice");
}

/// Clauses name types and series by text; a misspelt name would silently never apply.
#[test]
fn what_clauses_name_is_in_the_catalog() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policy/azure");
    let catalog = Catalog::built_in();
    let mut named = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let clause: toml::Table = text.parse().unwrap();
        for name in names(&toml::Value::Table(clause)) {
            named += 1;
            assert!(catalog.resource_type(&name).is_some(), "{}: {name}", path.display());
        }
    }
    assert!(named > 20);
}

/// The texts that stand under members which hold resource types.
fn names(value: &toml::Value) -> Vec<String> {
    let table = match value {
        toml::Value::Table(table) => table,
        toml::Value::Array(items) => return items.iter().flat_map(names).collect(),
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for (member, value) in table {
        let holds_types = matches!(member.as_str(), "types" | "members" | "resource_type");
        match (holds_types, value) {
            (true, toml::Value::String(name)) => found.push(name.clone()),
            (true, toml::Value::Array(items)) => {
                found.extend(items.iter().filter_map(toml::Value::as_str).map(str::to_owned));
            }
            _ => found.extend(names(value)),
        }
    }
    found
}
