//! Every event is booked in balance, and at the end of a term nothing is left prepaid.

use super::world::{self, noon};
use proptest::prelude::*;
use prorata_domain::ids::{OrderId, PrincipalId, SubscriptionId, TenantId};
use prorata_domain::policy::Book;
use prorata_domain::reservation::{Held, Order};
use prorata_domain::term::day_start;
use prorata_domain::{accounting, billing, exchange, refund};
use prorata_ledger::{Entry, Money};
use std::collections::BTreeMap;

/// Balances by account, in minor units.
#[derive(Default)]
struct Journal(BTreeMap<String, i64>);

impl Journal {
    fn post(&mut self, entry: Option<Entry>) {
        let Some(entry) = entry else { return };
        let sum: i64 = entry.postings().iter().map(|posting| posting.amount.minor()).sum();
        assert_eq!(sum, 0, "{entry:?}");
        for posting in entry.postings() {
            *self.0.entry(posting.account.to_string()).or_default() += posting.amount.minor();
        }
    }

    fn balance(&self, of: impl Fn(&str) -> bool) -> i64 {
        self.0.iter().filter(|(account, _)| of(account)).map(|(_, minor)| minor).sum()
    }
}

fn order_of(held: &Held) -> Order {
    Order {
        id: held.order,
        tenant: TenantId(uuid::Uuid::from_u128(1)),
        billing_account: held.account.id.clone(),
        billing_profile: None,
        billing_subscription: SubscriptionId(uuid::Uuid::from_u128(1)),
        buyer: PrincipalId(uuid::Uuid::from_u128(1)),
        display_name: "made up".to_owned(),
        commitment: held.commitment.clone(),
        commit_units: None,
        original_quantity: held.quantity,
        requested_at: held.purchased_at,
        started_at: day_start(held.starts_on),
        expires_on: held.expires_on,
        payments_made: 0,
        renew: false,
        review_at: None,
        version: 1,
    }
}

proptest! {
    #[test]
    fn from_purchase_to_expiry(case in world::refunds()) {
        let held = &case.facts.held;
        let account = &held.account;
        let mut order = order_of(held);
        let mut journal = Journal::default();
        let mut paid = 0;
        let mut pay = |journal: &mut Journal, amount: Money| {
            paid += amount.minor();
            journal.post(accounting::payment(account, order.id, amount).unwrap());
        };
        let upto = usize::try_from(held.payments_made).unwrap();
        for instalment in billing::schedule(&held.commitment, held.quantity, held.starts_on)
            .unwrap()
            .iter()
            .take(upto)
        {
            pay(&mut journal, instalment.amount);
        }

        let decided =
            refund::decide(Book::built_in(), &case.facts, &case.request, noon(case.today)).unwrap();
        let plan = decided.proposal.unwrap();
        journal.post(
            accounting::given_back(account, order.id, &plan.value, plan.fee, plan.destination)
                .unwrap(),
        );
        let prepaid = accounting::prepaid(order.id).to_string();
        let unit = held.commitment.unit_payment.minor();
        let kept = unit * i64::from(plan.kept);
        let left = kept * i64::from(held.payments_made);
        prop_assert_eq!(journal.balance(|name| name == prepaid), left);

        order.payments_made = held.payments_made;
        for instalment in billing::due(&order, plan.kept, held.expires_on).unwrap() {
            pay(&mut journal, instalment.amount);
        }
        let left = journal.balance(|name| name == prepaid);
        prop_assert_eq!(left, kept * i64::from(held.commitment.payments()));
        let left = Money::new(left, held.commitment.unit_payment.currency());
        journal.post(accounting::expiry(order.id, left).unwrap());

        prop_assert_eq!(journal.balance(|name| name == prepaid), 0);
        prop_assert_eq!(journal.balance(|_| true), 0);
        let payout = plan.payout.minor();
        prop_assert_eq!(journal.balance(|name| name.starts_with("payer/")), payout - paid);
        let used = accounting::used(order.id).to_string();
        prop_assert_eq!(journal.balance(|name| name == used), paid - plan.value.refund.minor());
        prop_assert_eq!(journal.balance(|name| name == "fee/return"), plan.fee.minor());
    }

    #[test]
    fn what_is_due_is_what_the_schedule_says(case in world::refunds()) {
        let held = &case.facts.held;
        let schedule =
            billing::schedule(&held.commitment, held.quantity, held.starts_on).unwrap();
        let mut order = order_of(held);
        let fallen: Vec<_> =
            schedule.iter().filter(|payment| payment.due <= case.today).copied().collect();
        let due = billing::due(&order, held.quantity, case.today).unwrap();
        prop_assert_eq!(&due, &fallen);
        order.payments_made = i32::try_from(fallen.len()).unwrap();
        prop_assert!(billing::due(&order, held.quantity, case.today).unwrap().is_empty());
    }

    #[test]
    fn an_exchange_is_booked_in_balance(case in world::exchanges()) {
        let decided = exchange::decide(
            Book::built_in(),
            &case.facts,
            &case.request,
            noon(case.today),
        );
        let plan = decided.unwrap().proposal.unwrap();
        let mut journal = Journal::default();
        let order = OrderId(uuid::Uuid::from_u128(9));
        for (held, given) in case.facts.returns.iter().zip(&plan.returns) {
            let account = &held.account;
            let none = Money::zero(given.value.paid.currency());
            let entry = accounting::given_back(
                account, held.order, &given.value, none, given.destination,
            );
            journal.post(entry.unwrap());
        }
        for (facts, bought) in case.facts.purchases.iter().zip(&plan.purchases) {
            let first = bought.first_payment().unwrap();
            journal.post(accounting::payment(&facts.account, order, first).unwrap());
        }
        prop_assert_eq!(journal.balance(|_| true), 0);
    }
}
