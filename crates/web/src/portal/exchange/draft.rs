//! An exchange in the making. It lives in the form alone: each step sends back what the steps
//! before it were told, so nothing is kept on the server until it is asked what it comes to.

use crate::portal::form::{self, Fields};
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

#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub gives: Vec<Give>,
    pub wants: Vec<Want>,
    /// The subscription that pays for all that is bought.
    pub subscription: String,
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
    pub sku: Option<String>,
    pub location: Option<String>,
    pub quantity: Option<String>,
}

impl WantFaults {
    pub fn any(&self) -> bool {
        self.sku.is_some() || self.location.is_some() || self.quantity.is_some()
    }
}

/// The words of the applied scope.
pub const SHARED: &str = "shared";
pub const SUBSCRIPTION: &str = "subscription";

impl Draft {
    /// Reads the fields of any step. Rows that name no reservation are left out, and those
    /// without a quantity stay: the list shows them empty.
    pub fn read(fields: &Fields) -> Draft {
        let quantities = fields.all("give-quantity");
        let gives = fields.all("give").into_iter().zip(quantities).take(ROWS_MAX);
        let columns = ["type", "sku", "location", "term", "plan", "quantity", "name", "scope"]
            .map(|name| fields.all(name));
        let rows = columns.iter().map(Vec::len).min().unwrap_or(0).min(ROWS_MAX);
        let cell = |column: usize, row: usize| columns[column][row].clone();
        Draft {
            gives: gives.filter_map(|(path, quantity)| Give::read(&path, quantity)).collect(),
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
            search: Search::was_sent(fields).then(|| Search::read(fields)),
        }
    }

    /// The reservations that something is typed for.
    pub fn given(&self) -> impl Iterator<Item = &Give> {
        self.gives.iter().filter(|give| !matches!(give.quantity.as_str(), "" | "0"))
    }

    /// The fields of the first step, to be carried along by the others.
    pub fn hidden_gives(&self) -> Vec<Hidden> {
        self.given()
            .flat_map(|give| {
                [
                    Hidden::new("give", format!("{}/{}", give.order, give.reservation)),
                    Hidden::new("give-quantity", &give.quantity),
                ]
            })
            .collect()
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
    /// What is wrong with the row by itself; whether it is sold is for the decision to say.
    pub fn faults(&self, catalog: &Catalog) -> WantFaults {
        let regional = catalog
            .resource_type(&self.resource_type)
            .is_none_or(|found| found.location == Placement::Regional);
        WantFaults {
            sku: self.sku.is_empty().then(|| "Enter or choose the SKU to buy.".to_owned()),
            location: (regional && self.location.is_empty())
                .then(|| "Choose the region; this type is sold by region.".to_owned()),
            quantity: form::quantity(&self.quantity, u32::MAX)
                .err()
                .map(|_| "Enter how many units, a whole number from 1.".to_owned()),
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

/// What a button of the form asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Show the first step, with what is typed.
    Return,
    /// Fill in all units of every reservation.
    FillAll,
    Purchase,
    /// Rows count from 0.
    RemoveRow(usize),
    /// Look up what is sold for the types and regions as they now stand.
    Look,
    /// Take a product of the search into the basket.
    Add(Product),
    /// Show the products of the search from this one on.
    From(usize),
    Set {
        row: usize,
        field: Field,
        value: String,
    },
    /// Give up another quantity.
    Reduce {
        row: usize,
        to: u32,
    },
    Review,
    Execute,
    /// Have others approve it.
    Ask,
}

/// A field of a purchase row that a button can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    ResourceType,
    Sku,
    Location,
    Term,
    Plan,
    Quantity,
}

impl Field {
    /// A field by the name that a repair has for it.
    pub fn parse(name: &str) -> Option<Field> {
        Some(match name {
            "type" | "reservedResourceType" => Field::ResourceType,
            "sku" | "sku.name" => Field::Sku,
            "location" => Field::Location,
            "term" => Field::Term,
            "plan" | "billingPlan" => Field::Plan,
            "quantity" => Field::Quantity,
            _ => return None,
        })
    }
}

impl Act {
    /// Reads the value of a button; nothing known is the first step.
    pub fn read(text: &str) -> Act {
        let mut parts = text.splitn(4, '.');
        let word = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        let row = || rest.first().and_then(|row| row.parse().ok());
        let parsed = match word {
            "fill" => Some(Act::FillAll),
            "purchase" => Some(Act::Purchase),
            "add" => {
                let product = text.strip_prefix("add.");
                product.and_then(Product::parse).map(Act::Add)
            }
            "from" => row().map(Act::From),
            "remove" => row().map(Act::RemoveRow),
            "look" => Some(Act::Look),
            "review" => Some(Act::Review),
            "execute" => Some(Act::Execute),
            "ask" => Some(Act::Ask),
            "reduce" => row()
                .zip(rest.get(1).and_then(|to| to.parse().ok()))
                .map(|(row, to)| Act::Reduce { row, to }),
            "set" => row()
                .zip(rest.get(1).and_then(|name| Field::parse(name)))
                .zip(rest.get(2))
                .map(|((row, field), value)| Act::Set { row, field, value: (*value).to_owned() }),
            _ => None,
        };
        parsed.unwrap_or(Act::Return)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_are_read_and_unknown_ones_go_to_the_first_step() {
        assert_eq!(Act::read("remove.3"), Act::RemoveRow(3));
        assert_eq!(Act::read("reduce.0.12"), Act::Reduce { row: 0, to: 12 });
        let value = "A.b.c".to_owned();
        assert_eq!(Act::read("set.1.sku.A.b.c"), Act::Set { row: 1, field: Field::Sku, value });
        for text in ["", "remove", "remove.x", "set.1.colour.red", "execute!"] {
            assert_eq!(Act::read(text), Act::Return, "{text}");
        }
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
