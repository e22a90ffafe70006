//! The whole proof of a decision, as it is told.

use crate::laws::world::{self, Upfront};
use crate::proof;
use jiff::civil::date;
use prorata_domain::policy::Book;
use prorata_domain::refund::{Facts, Request, decide};

/// Two of three units, at a price that has fallen since; and why not all three.
#[test]
fn a_refund_is_told_step_by_step() {
    let mut held = world::upfront(&Upfront {
        unit_total: "36500.00 USD",
        price_today: Some("29200.00 USD"),
        quantity: 3,
        starts_on: date(2026, 1, 1),
    });
    held.account.id = "7000".to_owned();
    let facts = Facts { held, cap_used: vec![(date(2026, 2, 1), 1_234_567)] };
    let now = world::noon(date(2026, 7, 2));
    let decision = decide(Book::built_in(), &facts, &Request { quantity: 2 }, now).unwrap();

    let expected = "\
reservation-state met since 2019-01-01
  state = active
  first day without the benefit = 2027-01-01
quantity met since 2019-01-01
  units held = 3
  units to return = 2
self-service met since 2021-11-01
  agreement = ea
  billing plan = Upfront
not-refundable met since 2026-03-19
  resource type = VirtualMachines
young-return not concerned since 2026-01-15
  days since the benefit began = 182 days (from 2026-01-01 to 2026-07-02)
  days within which all comes back = 0 days
lowest-price met since 2020-01-21
  payment made for a unit = 36500.00 USD
  the same at today's price = 29200.00 USD
  counted = 29200.00 USD (the lesser of 36500.00 USD and 29200.00 USD)
proration met since 2026-01-15
  payments made = 1
  paid for the returned units = 73000.00 USD (36500.00 USD x 2)
  days in the running period = 365 days (from 2026-01-01 to 2027-01-01)
  days used of them = 182 days
  used part of the running period = 29120.00 USD (58400.00 USD x 182 / 365, half up)
  refund = 29280.00 USD (58400.00 USD - 29120.00 USD)
  used = 43720.00 USD (73000.00 USD - 29280.00 USD)
  payments never made = 0.00 USD (73000.00 USD x 0)
return-fee not concerned since 2020-07-01
  fee rate = 0
  fee = 0.00 USD (29280.00 USD x 0, half up)
  paid out = 29280.00 USD (29280.00 USD - 0.00 USD)
refund-cap-scope met since 2022-10-10
  refunds counted together = 7000/enrollment/all
refund-cap-counts met since 2024-08-01
  what counts = cancelled-commitment
  refund in US dollars = 29280.00 USD
  refund by the price paid = 36600.00 USD
  payments never made, in US dollars = 0.00 USD
  counted = 36600.00 USD
refund-cap met since 2020-07-01
  counted since = 2025-07-03
  counted before = 12345.67 USD
  counted by this refund = 36600.00 USD
  counted together = 48945.67 USD (12345.67 USD + 36600.00 USD)
  cap = 50000.00 USD
  left after it = 1054.33 USD (50000.00 USD - 48945.67 USD)
  what this refund counts comes back on = 2027-07-02
refund-settlement met since 2023-10-16
  agreement = ea
  payment method = overage
  refunded to = credit-note";
    assert_eq!(proof::text(&decision.findings).join("\n"), expected);

    let all = decide(Book::built_in(), &facts, &Request { quantity: 3 }, now).unwrap();
    let refusal = all.refusal.unwrap();
    assert_eq!(
        refusal.reason,
        "this refund counts 54900.00 USD toward a cap of 50000.00 USD, of which 12345.67 USD is used"
    );
    let repairs: Vec<_> = refusal.repairs.iter().map(ToString::to_string).collect();
    // 37,654.33 is left of the cap: 125 days of three units, at 300.00 a day, fit into it.
    assert_eq!(repairs, ["return a quantity of at most 2", "ask again on 2026-08-29 or later"]);
}
