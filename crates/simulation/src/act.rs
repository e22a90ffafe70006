//! What customers do in a step.

use crate::run::{Difference, Player, Sent};
use crate::world::{PRODUCTS, Product, Who};
use prorata_auditor::State;
use serde_json::{Value, json};

pub(crate) const CAPACITY: &str = "/providers/Microsoft.Capacity";

pub(crate) type Done = Result<(), Box<Difference>>;

/// Some units that somebody holds.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub currency: String,
    pub order: String,
    pub id: String,
    pub quantity: u32,
    pub kind: String,
    pub subscription: String,
}

impl Player {
    /// Does one thing, chosen by chance.
    pub(crate) fn act(&mut self) -> Done {
        type Deed = fn(&mut Player) -> Done;
        const DEEDS: &[(u64, Deed)] = &[
            (30, Player::buy),
            (24, Player::return_some),
            (22, Player::exchange_some),
            (6, Player::let_a_quote_lapse),
            (6, Player::send_again),
            (5, Player::return_twice),
            (8, Player::split),
            (6, Player::merge),
            (9, Player::change),
            (2, Player::archive),
            (2, Player::change_directory),
            (4, Player::trouble),
            (7, Player::trade_in),
            (8, Player::swap),
            (7, Player::look),
            (4, Player::trespass),
            (5, Player::send_rubbish),
        ];
        let deed = self.dice.weighed(DEEDS);
        deed(self)
    }

    /// Somebody of a tenant who may do everything, and the tenant's place.
    pub(crate) fn somebody(&mut self) -> (usize, Who) {
        let tenant = if self.dice.percent(70) { 0 } else { 1 };
        (tenant, self.world.owners[tenant].clone())
    }

    /// A purchase request; now and then for something that cannot be had.
    pub(crate) fn wish(&mut self, tenant: usize) -> Value {
        let product = *self.dice.one(PRODUCTS);
        self.wish_for(tenant, &product)
    }

    pub(crate) fn wish_for(&mut self, tenant: usize, product: &Product) -> Value {
        let subscriptions: Vec<String> =
            self.world.of_tenant(tenant).into_iter().map(str::to_owned).collect();
        let dice = &mut self.dice;
        let subscription = dice.one(&subscriptions).clone();
        let term = match dice.between(0, 24) {
            0 => "P5Y",
            1 => "P3Y",
            _ => *dice.one(product.terms),
        };
        let plan = if dice.percent(50) { "Monthly" } else { "Upfront" };
        let most = match dice.between(0, 9) {
            0..=5 => 5,
            6..=8 => 20,
            _ => 120,
        };
        let region = if dice.percent(3) { "uksouth" } else { *dice.one(product.regions) };
        let sku = match dice.between(0, 29) {
            0 => "Standard_Z9".to_owned(),
            1 => product.sku.to_uppercase(),
            _ => product.sku.to_owned(),
        };
        let mut body = json!({
            "sku": {"name": sku},
            "location": region,
            "properties": {
                "reservedResourceType": product.kind,
                "billingScopeId": format!("/subscriptions/{subscription}"),
                "term": term,
                "billingPlan": plan,
                "quantity": dice.between(1, most),
                "displayName": format!("web-{}", dice.between(1, 99)),
                "appliedScopeType": "Shared",
                "renew": dice.percent(35),
            },
        });
        let scope = dice.between(0, 9);
        if scope < 2 {
            let other =
                if dice.percent(30) { dice.one(&subscriptions).clone() } else { subscription };
            let path = format!("/subscriptions/{other}");
            let inner = if scope == 0 {
                json!({"subscriptionId": path})
            } else {
                json!({"resourceGroupId": format!("{path}/resourceGroups/RG-web")})
            };
            body["properties"]["appliedScopeType"] = json!("Single");
            body["properties"]["appliedScopeProperties"] = inner;
        }
        body
    }

    pub(crate) fn buy(&mut self) -> Done {
        let (tenant, who) = self.somebody();
        let body = self.wish(tenant);
        let quote = self.ask(&who, "POST", &format!("{CAPACITY}/calculatePrice"), &body)?;
        if quote.status == 200 && self.dice.percent(92) {
            let id = quote.body["properties"]["reservationOrderId"].as_str().unwrap_or_default();
            let path = format!("{CAPACITY}/reservationOrders/{id}");
            let mut asked = body;
            if self.dice.percent(4) {
                asked["properties"]["quantity"] = json!(777);
            }
            self.deed(&who, "PUT", &path, &asked)?;
        }
        Ok(())
    }

    /// Sends a deed and keeps it, so that it can be sent again.
    pub(crate) fn deed(
        &mut self,
        who: &Who,
        method: &'static str,
        path: &str,
        body: &Value,
    ) -> Result<crate::desk::Answer, Box<Difference>> {
        let answer = self.ask(who, method, path, body)?;
        let (path, body) = (path.to_owned(), body.clone());
        self.sent.push(Sent { who: who.clone(), method, path, body });
        Ok(answer)
    }

    /// Units of a tenant, also such as are not held any more.
    pub(crate) fn units(&mut self, who: &Who, active: bool) -> Vec<Held> {
        let mut found = Vec::new();
        let orders = self.auditor.orders().iter().filter(|order| !order.is_plan);
        for order in orders.filter(|order| order.tenant == who.tenant) {
            for held in &order.holdings {
                let Some(id) = &held.id else { continue };
                if active && held.state != State::Active {
                    continue;
                }
                found.push(Held {
                    order: order.id.clone(),
                    id: id.clone(),
                    quantity: held.quantity,
                    kind: order.deal.kind.clone(),
                    currency: order.deal.unit_total.currency.code(),
                    subscription: order.subscription.clone(),
                });
            }
        }
        found
    }

    /// One of those units, mostly one that is still held.
    pub(crate) fn some_units(&mut self, who: &Who) -> Option<Held> {
        let active = self.dice.percent(95);
        let units = self.units(who, active);
        // Young ones more often than their share.
        let from = if self.dice.percent(30) { units.len().saturating_sub(3) } else { 0 };
        (!units.is_empty()).then(|| self.dice.one(&units[from..]).clone())
    }

    pub(crate) fn look(&mut self) -> Done {
        let (_, who) = self.somebody();
        if self.dice.percent(40) {
            self.ask(&who, "GET", &format!("{CAPACITY}/reservations"), &Value::Null)?;
            return Ok(());
        }
        match self.some_units(&who) {
            Some(held) => self.look_at_order(&who, &held.order),
            None => Ok(()),
        }
    }

    /// An order's reservations and payments.
    pub(crate) fn look_at_order(&mut self, who: &Who, order: &str) -> Done {
        let path = format!("{CAPACITY}/reservationOrders/{order}");
        self.ask(who, "GET", &format!("{path}/reservations"), &Value::Null)?;
        self.ask(who, "GET", &format!("{path}?$expand=schedule"), &Value::Null)?;
        Ok(())
    }
}

pub(crate) fn item(held: &Held) -> String {
    format!("{CAPACITY}/reservationOrders/{}/reservations/{}", held.order, held.id)
}

/// The path and the session of an operation.
pub(crate) fn operation(location: &str) -> (String, String) {
    let path = location.split('?').next().unwrap_or_default();
    let session = path.rsplit('/').next().unwrap_or_default().to_owned();
    (format!("{CAPACITY}/operationResults/{session}"), session)
}
