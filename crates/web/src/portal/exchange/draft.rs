//! An exchange in the making. It lives in the form alone: each step sends back what the steps
//! before it were told, so nothing is kept on the server until it is asked what it comes to.

use crate::portal::form::{self, Fields};
use crate::portal::language::say;
use crate::portal::products::{Product, Search};

pub use crate::portal::form::Hidden;
use prorata_app::exchange::{Ask, GivenUp};
use prorata_domain::catalog::{Catalog, Placement};
use prorata_domain::ids::{OrderId, ReservationId, SubscriptionId};
use prorata_domain::purchase;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::term::{BillingPlan, Term};

/// Rows of one exchange, on either side; more than anybody types, less than a form may hold.
pub const ROWS_MAX: usize = 100;

/// Rows that are read of what is given up: enough to say that they are too many.
pub const READ_MAX: usize = 4 * ROWS_MAX;

#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub gives: Vec<Give>,
    pub wants: Vec<Want>,
    /// The subscription that pays for all that is bought.
    pub subscription: String,
    /// Whether only what was chosen elsewhere is listed to be given up.
    pub only: bool,
    /// Words that narrow what is listed of what could be given up.
    pub filter: String,
    /// What is looked for in the catalog; nothing before the form with the search was shown.
    pub search: Option<Search>,
}

/// A reservation to give up units of; the quantity as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Give {
    pub order: OrderId,
    pub reservation: ReservationId,
    pub quantity: String,
}

/// A product to buy, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Want {
    pub resource_type: String,
    pub sku: String,
    pub location: String,
    pub term: String,
    pub plan: String,
    pub quantity: String,
    pub name: String,
    pub scope: String,
}

/// What is wrong with a row, by field.
#[derive(Debug, Clone, Default)]
pub struct WantFaults {
    /// The product is not one that can be named; no page of ours sends it so.
    pub product: Option<String>,
    pub quantity: Option<String>,
}

impl WantFaults {
    pub fn any(&self) -> bool {
        self.product.is_some() || self.quantity.is_some()
    }
}

/// The words of the applied scope.
pub const SHARED: &str = "shared";
pub const SUBSCRIPTION: &str = "subscription";

impl Draft {
    /// Reads the fields of any step. Rows that name no reservation are left out, and those
    /// without a quantity stay: the list shows them empty.
    pub fn read(fields: &Fields) -> Draft {
        let columns = ["type", "sku", "location", "term", "plan", "quantity", "name", "scope"]
            .map(|name| fields.all(name));
        let rows = columns.iter().map(Vec::len).min().unwrap_or(0).min(ROWS_MAX);
        let cell = |column: usize, row: usize| columns[column][row].clone();
        Draft {
            gives: gives(fields),
            wants: (0..rows)
                .map(|row| Want {
                    resource_type: cell(0, row),
                    sku: cell(1, row),
                    location: cell(2, row),
                    term: cell(3, row),
                    plan: cell(4, row),
                    quantity: cell(5, row),
                    name: cell(6, row),
                    scope: cell(7, row),
                })
                .collect(),
            subscription: fields.one("subscription"),
            filter: fields.one("filter"),
            only: fields.one("only") == "yes",
            search: Search::was_sent(fields).then(|| Search::read(fields)),
        }
    }

    /// What was asked for, to be looked at again; nothing where the form has no field for it.
    pub fn of(ask: &Ask) -> Option<Draft> {
        let first = ask.purchases.first().filter(|_| ask.savings_plans.is_empty())?;
        let gives = ask.returns.iter().map(|given| Give {
            order: given.order,
            reservation: given.reservation,
            quantity: given.quantity.to_string(),
        });
        let wants = ask.purchases.iter().map(Want::asked_for);
        Some(Draft {
            gives: gives.collect(),
            wants: wants.collect::<Option<_>>()?,
            subscription: first.billing_subscription.to_string(),
            only: true,
            ..Draft::default()
        })
    }

    /// The reservations that something is typed for.
    pub fn given(&self) -> impl Iterator<Item = &Give> {
        self.gives.iter().filter(|give| !matches!(give.quantity.as_str(), "" | "0"))
    }

    /// The fields of the first step, to be carried along by the others.
    pub fn hidden_gives(&self) -> Vec<Hidden> {
        let gives = self.given().flat_map(|give| {
            [
                Hidden::new("give", format!("{}/{}", give.order, give.reservation)),
                Hidden::new("give-quantity", &give.quantity),
            ]
        });
        let mut hidden: Vec<Hidden> = gives.collect();
        hidden.push(Hidden::new("filter", &self.filter));
        hidden.extend(self.only.then(|| Hidden::new("only", "yes")));
        hidden
    }

    /// The fields of the second step, to be carried along by the others.
    pub fn hidden_wants(&self) -> Vec<Hidden> {
        let mut hidden = vec![Hidden::new("subscription", &self.subscription)];
        if let Some(search) = &self.search {
            hidden.extend(search.pairs().map(|(name, value)| Hidden::new(name, value)));
        }
        for want in &self.wants {
            hidden.extend([
                Hidden::new("type", &want.resource_type),
                Hidden::new("sku", &want.sku),
                Hidden::new("location", &want.location),
                Hidden::new("term", &want.term),
                Hidden::new("plan", &want.plan),
                Hidden::new("quantity", &want.quantity),
                Hidden::new("name", &want.name),
                Hidden::new("scope", &want.scope),
            ]);
        }
        hidden
    }

    /// The request as far as it can be read: rows of the basket that are not right yet are left out.
    pub fn ask_so_far(&self, catalog: &Catalog) -> Option<Ask> {
        let right = |want: &&Want| !want.faults(catalog).any();
        let wants: Vec<Want> = self.wants.iter().filter(right).cloned().collect();
        Draft { wants, ..self.clone() }.ask(catalog)
    }

    /// The request, once every row is right; its quantities are not held against what is held.
    pub fn ask(&self, catalog: &Catalog) -> Option<Ask> {
        let subscription = SubscriptionId::parse(&self.subscription)?;
        let returns = self.given().map(|give| {
            let quantity = form::quantity(&give.quantity, u32::MAX).ok()?;
            Some(GivenUp { order: give.order, reservation: give.reservation, quantity })
        });
        let purchases = self.wants.iter().map(|want| want.request(catalog, subscription));
        Some(Ask {
            returns: returns.collect::<Option<_>>()?,
            purchases: purchases.collect::<Option<_>>()?,
            savings_plans: Vec::new(),
        })
    }
}

/// What is given up. In the first step each row has a box to tick as well, and says whether it was
/// ticked when it was shown: to tick it gives up all units, unless a number is typed, and to take
/// the tick away gives up none.
fn gives(fields: &Fields) -> Vec<Give> {
    let [quantities, was, held] =
        ["give-quantity", "give-was", "give-held"].map(|name| fields.all(name));
    let picks = fields.all("pick");
    let mut gives = Vec::new();
    for (index, (path, typed)) in
        fields.all("give").into_iter().zip(quantities).take(READ_MAX).enumerate()
    {
        let ticked = picks.contains(&path);
        let quantity = match was.get(index).map(String::as_str) {
            Some(_) if ticked && typed.is_empty() => held.get(index).cloned().unwrap_or_default(),
            Some("yes") if !ticked => String::new(),
            _ => typed,
        };
        gives.extend(Give::read(&path, quantity));
    }
    gives
}

impl Give {
    pub fn read(path: &str, quantity: String) -> Option<Give> {
        let (order, reservation) = path.split_once('/')?;
        Some(Give {
            order: OrderId::parse(order)?,
            reservation: ReservationId::parse(reservation)?,
            quantity,
        })
    }
}

impl Want {
    /// Units of a product, paid for all that the subscription's account pays for.
    pub fn of(product: Product, quantity: impl Into<String>) -> Want {
        Want {
            resource_type: product.resource_type,
            sku: product.sku,
            location: product.location,
            term: product.term.to_string(),
            plan: product.plan.to_string(),
            quantity: quantity.into(),
            name: String::new(),
            scope: SHARED.to_owned(),
        }
    }

    fn asked_for(asked: &purchase::Request) -> Option<Want> {
        let scope = match &asked.applied_scope {
            AppliedScope::Shared => SHARED,
            AppliedScope::Subscription(id) if *id == asked.billing_subscription => SUBSCRIPTION,
            _ => return None,
        };
        Some(Want {
            resource_type: asked.resource_type.clone(),
            sku: asked.sku.clone(),
            location: asked.location.clone().unwrap_or_default(),
            term: asked.term.to_string(),
            plan: asked.plan.to_string(),
            quantity: asked.quantity.to_string(),
            name: asked.display_name.clone(),
            scope: scope.to_owned(),
        })
    }

    /// Whether it is this product, for the same scope and under no name of its own.
    pub fn is(&self, product: &Product) -> bool {
        let plain = Want { quantity: self.quantity.clone(), ..Want::of(product.clone(), "") };
        *self == plain
    }

    /// What is wrong with the row by itself; whether it is sold is for the decision to say.
    pub fn faults(&self, catalog: &Catalog) -> WantFaults {
        let regional = catalog
            .resource_type(&self.resource_type)
            .is_none_or(|found| found.location == Placement::Regional);
        WantFaults {
            product: (self.sku.is_empty() || regional && self.location.is_empty())
                .then(|| say("exchange-fault-product").into_owned()),
            quantity: form::quantity(&self.quantity, u32::MAX)
                .err()
                .map(|_| say("exchange-fault-quantity").into_owned()),
        }
    }

    fn request(
        &self,
        catalog: &Catalog,
        subscription: SubscriptionId,
    ) -> Option<purchase::Request> {
        if self.faults(catalog).any() {
            return None;
        }
        Some(purchase::Request {
            resource_type: self.resource_type.clone(),
            sku: self.sku.clone(),
            location: (!self.location.is_empty()).then(|| self.location.clone()),
            billing_subscription: subscription,
            term: Term::parse(&self.term)?,
            plan: BillingPlan::parse(&self.plan)?,
            quantity: form::quantity(&self.quantity, u32::MAX).ok()?,
            display_name: if self.name.is_empty() { self.sku.clone() } else { self.name.clone() },
            applied_scope: if self.scope == SUBSCRIPTION {
                AppliedScope::Subscription(subscription)
            } else {
                AppliedScope::Shared
            },
            instance_flexibility: None,
            renew: false,
            review_at: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_and_numbers_say_together_what_is_given_up() {
        let order = "11111111-2222-4333-8444-555555555555";
        let given = |ticked: bool, was: &str, typed: &str| {
            let path = format!("{order}/{order}");
            let mut pairs = vec![
                ("give".to_owned(), path.clone()),
                ("give-was".to_owned(), was.to_owned()),
                ("give-held".to_owned(), "5".to_owned()),
                ("give-quantity".to_owned(), typed.to_owned()),
            ];
            pairs.extend(ticked.then(|| ("pick".to_owned(), path)));
            Draft::read(&Fields::new(pairs)).gives[0].quantity.clone()
        };
        assert_eq!(given(true, "no", ""), "5", "ticked");
        assert_eq!(given(true, "no", "2"), "2", "ticked, and some of them typed");
        assert_eq!(given(true, "yes", "3"), "3", "as it was");
        assert_eq!(given(false, "yes", "3"), "", "the tick was taken away");
        assert_eq!(given(false, "no", "4"), "4", "only typed");
        assert_eq!(given(false, "no", ""), "", "left alone");
    }

    #[test]
    fn a_draft_survives_its_own_hidden_fields() {
        let order = "11111111-2222-4333-8444-555555555555";
        let pairs = [
            ("give", format!("{order}/{order}")),
            ("give-quantity", "2".to_owned()),
            ("give", "nonsense".to_owned()),
            ("give-quantity", "3".to_owned()),
            ("subscription", order.to_owned()),
            ("type", "VirtualMachines".to_owned()),
            ("sku", "<b>".to_owned()),
            ("location", "westus".to_owned()),
            ("term", "P1Y".to_owned()),
            ("plan", "Monthly".to_owned()),
            ("quantity", "1".to_owned()),
            ("name", String::new()),
            ("scope", "shared".to_owned()),
        ];
        let fields = |pairs: Vec<(String, String)>| Fields::new(pairs);
        let draft = Draft::read(&fields(
            pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        ));
        assert_eq!(draft.gives.len(), 1);
        let hidden = draft.hidden_gives().into_iter().chain(draft.hidden_wants());
        let again = Draft::read(&fields(
            hidden.map(|field| (field.name.to_owned(), field.value)).collect(),
        ));
        assert_eq!((&again.gives, &again.wants), (&draft.gives, &draft.wants));
        assert!(again.ask(&Catalog::built_in()).is_some());
    }
}
