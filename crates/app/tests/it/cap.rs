//! What was counted toward a cap stays counted when the rules name the cap anew.

use crate::desk::{Desk, request};
use prorata_app::world;
use prorata_domain::ids::SubscriptionId;
use prorata_domain::term::{BillingPlan, Term};
use prorata_store::Store;
use uuid::Uuid;

/// A partner's customer and a billing profile, each paying for a subscription of its own.
const PAYERS: &str = r#"
[[billingAccounts]]
id = "partner-1"
agreement = "csp"
currency = "USD"
payment = "invoice"
customer = "customer-1"

[[billingAccounts]]
id = "account-1"
agreement = "mca"
currency = "USD"
payment = "wire"
profile = "profile-1"

[[subscriptions]]
id = "00000000-0000-0000-0000-000000000023"
tenantId = "00000000-0000-0000-0000-000000000011"
billingAccount = "partner-1"
name = "By a partner"

[[subscriptions]]
id = "00000000-0000-0000-0000-000000000024"
tenantId = "00000000-0000-0000-0000-000000000011"
billingAccount = "account-1"
name = "By a profile"

[[principals]]
tenantId = "00000000-0000-0000-0000-000000000011"
clientId = "00000000-0000-0000-0000-000000000033"
name = "buyer"
clientSecret = "not a secret, a test"

[[roleAssignments]]
tenantId = "00000000-0000-0000-0000-000000000011"
clientId = "00000000-0000-0000-0000-000000000033"
role = "Owner"
scope = "/"
"#;

#[test]
fn a_cap_that_is_counted_by_another_scope_from_today_forgives_nothing() {
    for (subscription, before, after, back) in [
        (0x24, "2021-04-13T12:00:00Z", "2021-04-14T12:00:00Z", "2022-04-13T00:00:00Z"),
        (0x23, "2022-10-09T12:00:00Z", "2022-10-10T12:00:00Z", "2023-10-09T00:00:00Z"),
    ] {
        let desk = Desk::open(Store::memory().unwrap());
        world::apply(&desk.app, toml::from_str(PAYERS).unwrap()).unwrap();
        desk.move_to(before);
        let mut wanted = request("Standard_B1ls", Term::P3Y, BillingPlan::Upfront, 1000);
        wanted.billing_subscription = SubscriptionId(Uuid::from_u128(subscription));
        let (first, second) = (desk.buy(&wanted), desk.buy(&wanted));
        let quoted = desk.refund_quote(first, 1000);
        desk.give_back(first, 1000, &quoted).unwrap();

        desk.move_to(after);
        let quoted = desk.refund_quote(second, 1000);
        let plan = quoted.decision.proposal.clone().unwrap();
        assert_eq!(plan.cap_used.to_string(), "36000.00 USD", "{after}");
        let refused = desk.give_back(second, 1000, &quoted).unwrap_err();
        assert!(refused.to_string().contains("cap"), "{refused}");

        desk.move_to(back);
        let quoted = desk.refund_quote(second, 1000);
        assert!(quoted.decision.proposal.unwrap().cap_used.is_zero(), "{back}");
        desk.verify();
    }
}
