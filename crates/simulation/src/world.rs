//! The world of a seed: tenants, accounts of every agreement, and a price list that moves.

use crate::dice::Dice;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

/// Who calls: a tenant, a client, and whether it may do more than look.
#[derive(Clone, Debug)]
pub struct Who {
    pub tenant: String,
    pub client: String,
    pub name: &'static str,
}

/// A product that worlds sell.
#[derive(Clone, Copy, Debug)]
pub struct Product {
    pub kind: &'static str,
    pub sku: &'static str,
    pub regions: &'static [&'static str],
    pub terms: &'static [&'static str],
    /// Whole US dollars for a unit and a year.
    year: u64,
}

const WEST: &[&str] = &["westeurope", "westus"];
const ONE: &[&str] = &["westeurope"];
const GLOBAL: &[&str] = &["global"];
const BOTH: &[&str] = &["P1Y", "P3Y"];
const YEAR: &[&str] = &["P1Y"];

const fn product(
    kind: &'static str,
    sku: &'static str,
    regions: &'static [&'static str],
    terms: &'static [&'static str],
    year: u64,
) -> Product {
    Product { kind, sku, regions, terms, year }
}

pub const PRODUCTS: &[Product] = &[
    product("VirtualMachines", "Standard_D2s_v5", WEST, &["P1Y", "P3Y", "P5Y"], 611),
    product("VirtualMachines", "Standard_E8s_v5", WEST, BOTH, 2_889),
    product("VirtualMachines", "Standard_D2_v3", WEST, BOTH, 577),
    product("VirtualMachines", "Standard_D2s_v3", WEST, BOTH, 577),
    product("VirtualMachines", "Standard_D2_v2", ONE, BOTH, 702),
    product("VirtualMachines", "Standard_F1", WEST, BOTH, 307),
    product("VirtualMachines", "Standard_F1s", WEST, BOTH, 307),
    product("VirtualMachines", "Standard_B1ls", ONE, BOTH, 32),
    product("DedicatedHost", "DSv3_Type1", ONE, BOTH, 21_900),
    product("AVS", "AV36", ONE, BOTH, 48_100),
    product("NutanixBareMetal", "AN36", ONE, BOTH, 39_000),
    product("AppService", "P1_v3", WEST, BOTH, 1_200),
    product("SqlDatabases", "SQLDB_GP_Gen5", WEST, BOTH, 900),
    product("SqlManagedInstance", "SQLMI_GP_Gen5", ONE, BOTH, 960),
    product("CosmosDb", "CosmosDB_RUs", GLOBAL, BOTH, 60),
    product("SqlDataWarehouse", "SQLDW_cDWU", ONE, BOTH, 8_000),
    product("Fabric", "Fabric_CU", ONE, BOTH, 1_870),
    product("PostgreSql", "PostgreSQL_GP_Gen5", ONE, BOTH, 650),
    product("OpenAIPTU", "PTU_Global", ONE, &["P1M", "P1Y"], 2_650),
    product("ManagedDisk", "Premium_SSD_P30", ONE, YEAR, 1_460),
    product("RedHatOsa", "OpenShift_4vCPU", ONE, BOTH, 1_000),
    product("SuseLinux", "SLES_1-2vCPU", GLOBAL, BOTH, 400),
    product("Databricks", "DBCU_12500", GLOBAL, YEAR, 12_000),
    product("MDC", "MDC_5000", GLOBAL, YEAR, 4_500),
];

/// Everything that a seed is played in.
#[derive(Clone, Debug)]
pub struct World {
    pub document: Value,
    /// One who may do everything in each tenant.
    pub owners: Vec<Who>,
    /// One who only looks, in the first tenant.
    pub reader: Who,
    /// Tenant (by its place among the owners) and id of each subscription.
    pub subscriptions: Vec<(usize, String)>,
}

fn id(kind: u32, seed: u64, number: usize) -> String {
    format!("{kind:08x}-0000-4000-8000-{:012x}", (seed << 8 | number as u64) & 0xffff_ffff_ffff)
}

impl World {
    /// The world of a seed, with prices from its first day to its last.
    pub fn of(seed: u64, first: Date, last: Date) -> World {
        let mut dice = Dice::of(seed, u64::MAX);
        let who = |name, tenant, number| Who {
            tenant: id(1, seed, tenant),
            client: id(3, seed, number),
            name,
        };
        let owners = vec![who("owner", 0, 0), who("stranger", 1, 1)];
        let reader = who("reader", 0, 2);
        let ends = first.saturating_add((dice.between(200, 2_500) as i64).days());
        let accounts = json!([
            {"id": "ea-dollars", "agreement": "ea", "currency": "USD", "payment": "prepayment",
             "prepaymentEnds": ends},
            {"id": "ea-euros", "agreement": "ea", "currency": "EUR", "payment": "overage",
             "usdRate": "1.0837"},
            {"id": "mca-pounds", "agreement": "mca", "currency": "GBP", "payment": "wire",
             "usdRate": "1.19", "profile": "profile-1"},
            {"id": "mca-dollars", "agreement": "mca", "currency": "USD", "payment": "card",
             "profile": "profile-2"},
            {"id": "csp-dollars", "agreement": "csp", "currency": "USD", "payment": "invoice",
             "customer": "customer-a"},
            {"id": "csp-yen", "agreement": "csp", "currency": "JPY", "payment": "invoice",
             "usdRate": "0.00672", "customer": "customer-b"},
            {"id": "payg-euros", "agreement": "payg", "currency": "EUR", "payment": "card",
             "usdRate": "1.1"},
            {"id": "payg-dinars", "agreement": "payg", "currency": "KWD", "payment": "invoice",
             "usdRate": "3.25"},
        ]);
        let mut subscriptions = Vec::new();
        let mut rows = Vec::new();
        for (number, account) in accounts.as_array().into_iter().flatten().enumerate() {
            // The first enrollment reaches over both tenants.
            let tenants: &[usize] = match number {
                0 => &[0, 1],
                1 | 2 | 4 | 6 => &[0],
                _ => &[1],
            };
            for tenant in tenants {
                let subscription = id(2, seed, number * 2 + tenant);
                rows.push(json!({
                    "id": subscription, "tenantId": owners[*tenant].tenant,
                    "billingAccount": account["id"], "name": format!("subscription {number}"),
                }));
                subscriptions.push((*tenant, subscription));
            }
        }
        let people = [(&owners[0], "Owner"), (&owners[1], "Owner"), (&reader, "Reader")];
        let principal = |tenant: &str, who: &Who| {
            json!({
                "tenantId": tenant, "clientId": who.client, "name": who.name,
                "clientSecret": "a secret of this world",
            })
        };
        let mut principals = people.map(|(who, _)| principal(&who.tenant, who)).to_vec();
        // One owner is known at the other's, where orders may go; the other only in some worlds.
        principals.push(principal(&owners[1].tenant, &owners[0]));
        if seed.is_multiple_of(2) {
            principals.push(principal(&owners[0].tenant, &owners[1]));
        }
        let roles = people.map(|(who, role)| {
            json!({
                "tenantId": who.tenant, "clientId": who.client, "role": role, "scope": "/",
            })
        });
        let document = json!({
            "billingAccounts": accounts,
            "tenants": owners.iter().map(|who| json!({"id": who.tenant, "name": who.name}))
                .collect::<Vec<_>>(),
            "subscriptions": rows,
            "resourceGroups": [{"subscriptionId": subscriptions[0].1, "name": "rg-web"}],
            "principals": principals,
            "roleAssignments": roles,
            "prices": prices(&mut dice, first, last),
        });
        World { document, owners, reader, subscriptions }
    }

    /// The subscriptions of a tenant.
    pub fn of_tenant(&self, tenant: usize) -> Vec<&str> {
        let mine = self.subscriptions.iter().filter(|(of, _)| *of == tenant);
        mine.map(|(_, id)| id.as_str()).collect()
    }
}

/// A list in US dollars, for some products in euros too, with prices that fall and rise.
fn prices(dice: &mut Dice, first: Date, last: Date) -> Vec<Value> {
    let mut rows = Vec::new();
    for product in PRODUCTS {
        for region in product.regions {
            // Two products come on sale later.
            let mut since = match product.sku {
                "Standard_E8s_v5" => first.max(date(2021, 4, 1)),
                _ => first,
            };
            let mut share = 100;
            while since < last {
                let share_in_euros = share - dice.between(3, 9);
                for term in product.terms {
                    let cents = total(product, term) * share;
                    rows.push(row(product, region, term, "USD", cents, since));
                    if product.year % 2 == 0 {
                        let cents = total(product, term) * share_in_euros;
                        rows.push(row(product, region, term, "EUR", cents, since));
                    }
                }
                share = dice.between(70, 115);
                since = since.saturating_add((dice.between(120, 900) as i64).days());
            }
        }
    }
    rows
}

/// Whole US dollars of a unit for a term.
fn total(product: &Product, term: &str) -> u64 {
    match term {
        "P1M" => product.year / 11,
        "P3Y" => product.year * 2,
        "P5Y" => product.year * 3,
        _ => product.year,
    }
}

fn row(
    product: &Product,
    region: &str,
    term: &str,
    currency: &str,
    cents: u64,
    since: Date,
) -> Value {
    let mut row = json!({
        "resourceType": product.kind, "sku": product.sku, "location": region, "term": term,
        "currency": currency, "unitTotal": format!("{}.{:02}", cents / 100, cents % 100),
        "since": since,
    });
    // Plans whose balance drains say how much one unit holds.
    match product.kind {
        "Databricks" => row["commitUnits"] = json!("12500"),
        "MDC" => row["commitUnits"] = json!("5000"),
        _ => {}
    }
    row
}
