//! What is bought for it so far: the lines of the basket.

use super::draft::{Draft, Hidden, ROWS_MAX, SHARED, SUBSCRIPTION, Want, WantFaults};
use crate::portal::language::say;
use crate::portal::products::{Choice, Product};
use crate::portal::{form, reservation, words};
use prorata_app::App;
use prorata_domain::exchange::Plan;
use prorata_domain::term::{BillingPlan, Term};

/// A product in the basket.
#[derive(Debug, Clone)]
pub struct Line {
    /// From 1, as people count.
    pub number: usize,
    /// From 0, as the buttons count.
    pub index: usize,
    pub sku: String,
    /// Region, term and plan.
    pub about: String,
    /// What it is, as the form carries it along.
    pub hidden: Vec<Hidden>,
    pub quantity: String,
    /// The whole terms' price of all its units, where it could be told.
    pub total: Option<String>,
    pub scopes: Vec<Choice>,
    pub name: String,
    pub faults: WantFaults,
}

/// Takes a product into the basket; one more of what is there already.
pub fn add(draft: &mut Draft, product: Product) {
    if let Some(row) = draft.wants.iter().position(|want| want.is(&product)) {
        step(draft, row, true);
    } else if draft.wants.len() < ROWS_MAX {
        draft.wants.push(Want::of(product, "1"));
    }
}

/// One unit more or fewer of a row, never fewer than one.
pub fn step(draft: &mut Draft, row: usize, more: bool) {
    if let Some(want) = draft.wants.get_mut(row) {
        want.quantity = stepped(&want.quantity, more, 1, u32::MAX);
    }
}

/// A number that was typed, and one more or fewer; what cannot be read begins anew.
pub fn stepped(typed: &str, more: bool, least: u32, most: u32) -> String {
    let now = form::quantity(typed, u32::MAX).unwrap_or(0);
    let then = if more { now.saturating_add(1) } else { now.saturating_sub(1) };
    then.clamp(least, most).to_string()
}

/// The lines; with `faults`, each says what is wrong with it.
pub fn lines(app: &App, draft: &Draft, plan: Option<&Plan>, faults: bool) -> Vec<Line> {
    let mut priced = plan.into_iter().flat_map(|plan| &plan.purchases);
    let rows = draft.wants.iter().enumerate();
    rows.map(|(index, want)| {
        let wrong = want.faults(&app.catalog);
        // What is bought is in the order of the lines that can be read.
        let bought = if wrong.any() { None } else { priced.next() };
        let mut line = line(app, index, want);
        line.total = bought.map(|bought| words::money(bought.total));
        // A number that cannot be read is said at once, a line that is empty when it is sent.
        if faults || !want.quantity.is_empty() {
            line.faults = wrong;
        }
        line
    })
    .collect()
}

fn line(app: &App, index: usize, want: &Want) -> Line {
    let term = Term::parse(&want.term).map(words::term).unwrap_or_default();
    let plan = BillingPlan::parse(&want.plan).map(words::paid).unwrap_or_default();
    let region = match want.location.as_str() {
        "" => say("products-no-region").into_owned(),
        arm => reservation::region(app, arm),
    };
    let scopes = [(SHARED, "exchange-scope-shared"), (SUBSCRIPTION, "exchange-scope-payer")]
        .map(|(value, label)| Choice::new(value, say(label), &want.scope));
    Line {
        number: index + 1,
        index,
        sku: want.sku.clone(),
        about: format!("{region}, {term}, {plan}"),
        hidden: vec![
            Hidden::new("type", &want.resource_type),
            Hidden::new("sku", &want.sku),
            Hidden::new("location", &want.location),
            Hidden::new("term", &want.term),
            Hidden::new("plan", &want.plan),
        ],
        quantity: want.quantity.clone(),
        total: None,
        scopes: scopes.into(),
        name: want.name.clone(),
        faults: WantFaults::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_stay_within_bounds_and_begin_anew_where_nothing_can_be_read() {
        assert_eq!(stepped("3", true, 1, 9), "4");
        assert_eq!(stepped("1", false, 1, 9), "1");
        assert_eq!(stepped("1", false, 0, 9), "0");
        assert_eq!(stepped("9", true, 1, 9), "9");
        assert_eq!(stepped("", true, 1, 9), "1");
        assert_eq!(stepped("many", false, 1, 9), "1");
    }

    #[test]
    fn the_same_product_again_is_one_more_of_it() {
        let product = |text| Product::parse(text).unwrap();
        let mut draft = Draft::default();
        add(&mut draft, product("VirtualMachines/Standard_B2s/westus/P1Y/Monthly"));
        add(&mut draft, product("VirtualMachines/Standard_B2s/westus/P1Y/Monthly"));
        add(&mut draft, product("VirtualMachines/Standard_B2s/westus/P3Y/Monthly"));
        let quantities: Vec<_> = draft.wants.iter().map(|want| want.quantity.as_str()).collect();
        assert_eq!(quantities, ["2", "1"]);
    }
}
