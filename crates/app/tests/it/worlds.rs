//! A world document is applied whole or not at all, and says every fault.

use crate::desk::{Desk, request};
use prorata_app::world::{self, Document};
use prorata_app::{Error, purchase};
use prorata_domain::term::{BillingPlan, Term};
use prorata_store::Store;

const FAULTY: &str = r#"
[[billingAccounts]]
id = "enrollment-2"
agreement = "ea"
currency = "USD"
payment = "gold"

[[billingAccounts]]
id = "enrollment-2"
agreement = "ea"
currency = "USD"
payment = "overage"

[[tenants]]
id = "00000000-0000-0000-0000-000000000041"
name = "Fabrikam\u0000"

[[subscriptions]]
id = "00000000-0000-0000-0000-000000000042"
tenantId = "00000000-0000-0000-0000-000000000049"
billingAccount = "enrollment-9"
name = " "

[[resourceGroups]]
subscriptionId = "00000000-0000-0000-0000-000000000043"
name = "web"

[[managementGroups]]
tenantId = "00000000-0000-0000-0000-000000000049"
id = "all"
name = "All"

[[principals]]
id = "00000000-0000-0000-0000-000000000099"
tenantId = "00000000-0000-0000-0000-000000000011"
clientId = "00000000-0000-0000-0000-000000000033"
name = "the buyer with another object id"
clientSecret = "not a secret, a test"

[[principals]]
tenantId = "00000000-0000-0000-0000-000000000049"
clientId = "00000000-0000-0000-0000-000000000033"
name = "nobody"
clientSecret = "not a secret, a test"
"#;

#[test]
fn all_faults_are_told_at_once_and_nothing_is_applied() {
    let desk = Desk::open(Store::memory().unwrap());
    let document: Document = toml::from_str(FAULTY).unwrap();
    let Err(Error::Malformed(faults)) = world::apply(&desk.app, document) else {
        panic!("it has faults")
    };
    let mut paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            "billingAccounts[0].payment",
            "billingAccounts[1].id",
            "managementGroups[0].tenantId",
            "principals[0].id",
            "principals[1].tenantId",
            "resourceGroups[0].subscriptionId",
            "subscriptions[0].billingAccount",
            "subscriptions[0].name",
            "subscriptions[0].tenantId",
            "tenants[0].name",
        ]
    );
    let tenants = desk.app.read(|tx, _| Ok(prorata_store::world::tenants(tx)?)).unwrap();
    assert_eq!(tenants.len(), 1, "the faultless rows were not applied either");
}

#[test]
fn a_price_for_a_region_by_its_title_is_found() {
    let desk = Desk::open(Store::memory().unwrap());
    let price = "[[prices]]\nresourceType = \"VirtualMachines\"\nsku = \"Standard_X9\"\n\
                 location = \"West US\"\nterm = \"P1Y\"\ncurrency = \"USD\"\nunitTotal = \"9\"\n\
                 since = \"2019-01-01\"\n";
    world::apply(&desk.app, toml::from_str(price).unwrap()).unwrap();
    let (call, wanted) = (desk.call(), request("Standard_X9", Term::P1Y, BillingPlan::Upfront, 1));
    let quoted = desk.app.write(move |tx, app| purchase::quote(tx, app, &call, &wanted)).unwrap();
    assert!(quoted.decision.is_approved());
}
