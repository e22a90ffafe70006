//! What customers do in a step.

use crate::run::{Difference, Player, Sent};
use crate::world::{PRODUCTS, Product, Who};
use prorata_auditor::State;
use serde_json::{Value, json};

const CAPACITY: &str = "/providers/Microsoft.Capacity";

type Done = Result<(), Box<Difference>>;

/// Some units that somebody holds.
#[derive(Clone, Debug)]
pub(crate) struct Held {
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
            (9, Player::split),
            (8, Player::swap),
            (7, Player::look),
            (4, Player::trespass),
            (5, Player::send_rubbish),
        ];
        let deed = self.dice.weighed(DEEDS);
        deed(self)
    }

    /// Somebody of a tenant who may do everything, and the tenant's place.
    fn somebody(&mut self) -> (usize, Who) {
        let tenant = if self.dice.percent(70) { 0 } else { 1 };
        (tenant, self.world.owners[tenant].clone())
    }

    /// A purchase request; now and then for something that cannot be had.
    pub(crate) fn wish(&mut self, tenant: usize) -> Value {
        let product = *self.dice.one(PRODUCTS);
        self.wish_for(tenant, &product)
    }

    fn wish_for(&mut self, tenant: usize, product: &Product) -> Value {
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
                "renew": false,
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

    fn buy(&mut self) -> Done {
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
    fn deed(
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
    fn units(&mut self, who: &Who, active: bool) -> Vec<Held> {
        let mut found = Vec::new();
        for order in self.auditor.orders().iter().filter(|order| order.tenant == who.tenant) {
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
                    subscription: order.subscription.clone(),
                });
            }
        }
        found
    }

    /// One of those units, mostly one that is still held.
    fn some_units(&mut self, who: &Who) -> Option<Held> {
        let active = self.dice.percent(95);
        let units = self.units(who, active);
        // Young ones more often than their share.
        let from = if self.dice.percent(30) { units.len().saturating_sub(3) } else { 0 };
        (!units.is_empty()).then(|| self.dice.one(&units[from..]).clone())
    }

    fn part_of(&mut self, quantity: u32) -> u64 {
        match self.dice.between(0, 99) {
            0..=44 => u64::from(quantity),
            45..=95 => self.dice.between(1, u64::from(quantity)),
            96..=97 => u64::from(quantity) + 1,
            _ => 0,
        }
    }

    fn return_some(&mut self) -> Done {
        let (_, who) = self.somebody();
        let Some(held) = self.some_units(&who) else { return Ok(()) };
        let quantity = self.part_of(held.quantity);
        if let Some(deed) = self.quote_return(&who, &held, quantity)?
            && self.dice.percent(90)
        {
            self.carry_out_return(&who, &held.order, deed)?;
        }
        Ok(())
    }

    /// Quotes a return; answers the body of the return itself.
    fn quote_return(
        &mut self,
        who: &Who,
        held: &Held,
        quantity: u64,
    ) -> Result<Option<Value>, Box<Difference>> {
        let path = format!("{CAPACITY}/reservationOrders/{}/calculateRefund", held.order);
        let returned = json!({ "reservationId": item(held), "quantity": quantity });
        let body = json!({
            "id": format!("{CAPACITY}/reservationOrders/{}", held.order),
            "properties": { "scope": "Reservation", "reservationToReturn": returned },
        });
        let quote = self.ask(who, "POST", &path, &body)?;
        if quote.status != 200 {
            return Ok(None);
        }
        let session = &quote.body["properties"]["sessionId"];
        Ok(Some(json!({ "properties": {
            "sessionId": session, "scope": "Reservation", "returnReason": "no longer needed",
            "reservationToReturn": returned,
        }})))
    }

    fn carry_out_return(&mut self, who: &Who, order: &str, body: Value) -> Done {
        let path = format!("{CAPACITY}/reservationOrders/{order}/return");
        let done = self.deed(who, "POST", &path, &body)?;
        if done.status == 202 { self.look_at_order(who, order) } else { Ok(()) }
    }

    /// Two quotes for the same units: at most one of them is carried out.
    fn return_twice(&mut self) -> Done {
        let (_, who) = self.somebody();
        let Some(held) = self.some_units(&who) else { return Ok(()) };
        let quantity = u64::from(held.quantity);
        let first = self.quote_return(&who, &held, quantity)?;
        let second = self.quote_return(&who, &held, quantity)?;
        for deed in [first, second].into_iter().flatten() {
            self.carry_out_return(&who, &held.order, deed)?;
        }
        Ok(())
    }

    fn exchange_some(&mut self) -> Done {
        let (tenant, who) = self.somebody();
        let mut given: Vec<(Held, u64)> = Vec::new();
        for _ in 0..self.dice.weighed(&[(70, 1), (20, 2), (10, 3)]) {
            if let Some(held) = self.some_units(&who)
                && given.iter().all(|(other, _)| other.id != held.id)
            {
                let quantity = self.part_of(held.quantity);
                given.push((held, quantity));
            }
        }
        let Some((first, _)) = given.first().cloned() else { return Ok(()) };
        let mut wishes = Vec::new();
        for _ in 0..self.dice.weighed(&[(75, 1), (20, 2), (5, 3)]) {
            let like: Vec<&Product> =
                PRODUCTS.iter().filter(|product| product.kind == first.kind).collect();
            let mut wish = if like.is_empty() || self.dice.percent(15) {
                self.wish(tenant)
            } else {
                let product = **self.dice.one(&like);
                self.wish_for(tenant, &product)
            };
            if self.dice.percent(90) {
                let path = format!("/subscriptions/{}", first.subscription);
                wish["properties"]["billingScopeId"] = json!(path);
                if self.dice.percent(95) {
                    wish["properties"]["appliedScopeProperties"] = Value::Null;
                }
                wish["properties"]["appliedScopeType"] = json!("Shared");
            }
            wishes.push(wish);
        }
        self.exchange(&who, &given, &wishes)
    }

    fn exchange(&mut self, who: &Who, given: &[(Held, u64)], wishes: &[Value]) -> Done {
        let returns: Vec<Value> = given
            .iter()
            .map(|(held, quantity)| json!({"reservationId": item(held), "quantity": quantity}))
            .collect();
        let body = json!({ "properties": {
            "reservationsToExchange": returns, "reservationsToPurchase": wishes,
        }});
        let quote = self.ask(who, "POST", &format!("{CAPACITY}/calculateExchange"), &body)?;
        if quote.status != 202 {
            return Ok(());
        }
        let (path, session) = operation(&quote.location);
        self.ask(who, "GET", &path, &Value::Null)?;
        if self.dice.percent(10) {
            return Ok(());
        }
        let body = json!({ "properties": { "sessionId": session } });
        self.deed(who, "POST", &format!("{CAPACITY}/exchange"), &body)?;
        self.ask(who, "GET", &path, &Value::Null)?;
        for (held, _) in given {
            self.look_at_order(who, &held.order)?;
        }
        Ok(())
    }

    /// Units for as many of the size that differs in premium storage; now and then with something
    /// else changed too, which makes it an ordinary exchange.
    fn swap(&mut self) -> Done {
        let (_, who) = self.somebody();
        let twins = [("Standard_F1", "Standard_F1s"), ("Standard_D2_v3", "Standard_D2s_v3")];
        let mut found = Vec::new();
        for order in self.auditor.orders().iter().filter(|order| order.tenant == who.tenant) {
            for held in order.holdings.iter().filter(|held| held.state == State::Active) {
                let Some(id) = held.id.clone() else { continue };
                let twin = twins.iter().find_map(|(without, with)| match held.sku.as_str() {
                    sku if sku == *without => Some(*with),
                    sku if sku == *with => Some(*without),
                    _ => None,
                });
                let Some(twin) = twin else { continue };
                let units = Held {
                    order: order.id.clone(),
                    id,
                    quantity: held.quantity,
                    kind: order.deal.kind.clone(),
                    subscription: order.subscription.clone(),
                };
                let wish = json!({
                    "sku": {"name": twin},
                    "location": order.deal.location,
                    "properties": {
                        "reservedResourceType": order.deal.kind,
                        "billingScopeId": format!("/subscriptions/{}", order.subscription),
                        "term": order.deal.term,
                        "billingPlan": order.deal.plan,
                        "quantity": held.quantity,
                        "displayName": "twin",
                        "appliedScopeType": "Shared",
                        "renew": false,
                    },
                });
                found.push((units, wish));
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        let (held, mut wish) = self.dice.one(&found).clone();
        let quantity = self.part_of(held.quantity).clamp(1, u64::from(held.quantity));
        wish["properties"]["quantity"] = json!(quantity);
        match self.dice.between(0, 9) {
            0 => wish["properties"]["quantity"] = json!(quantity + 1),
            1 => wish["properties"]["term"] = json!("P3Y"),
            2 => wish["location"] = json!("westus"),
            _ => {}
        }
        self.exchange(&who, &[(held, quantity)], &[wish])
    }

    /// Units in several parts; now and then in parts that are not the whole.
    fn split(&mut self) -> Done {
        let (_, who) = self.somebody();
        let Some(held) = self.some_units(&who) else { return Ok(()) };
        let mut parts = Vec::new();
        let mut left = u64::from(held.quantity);
        for _ in 0..self.dice.weighed(&[(70, 1), (25, 2), (5, 4)]) {
            if left > 1 {
                let part = self.dice.between(1, left - 1);
                parts.push(part);
                left -= part;
            }
        }
        if self.dice.percent(8) {
            left += 1;
        }
        parts.push(left);
        let path = format!("{CAPACITY}/reservationOrders/{}/split", held.order);
        let body = json!({ "properties": { "quantities": parts, "reservationId": item(&held) } });
        self.deed(&who, "POST", &path, &body)?;
        self.look_at_order(&who, &held.order)
    }

    /// A quote that is carried out about when it lapses.
    fn let_a_quote_lapse(&mut self) -> Done {
        let (_, who) = self.somebody();
        let Some(held) = self.some_units(&who) else { return Ok(()) };
        let quantity = self.part_of(held.quantity).max(1);
        let Some(deed) = self.quote_return(&who, &held, quantity)? else { return Ok(()) };
        let seconds = *self.dice.one(&[29 * 60, 30 * 60 - 1, 30 * 60, 31 * 60, 90_000]);
        self.wait(seconds)?;
        self.carry_out_return(&who, &held.order, deed)
    }

    /// An earlier deed again, as a client does that got no answer.
    fn send_again(&mut self) -> Done {
        if self.sent.is_empty() {
            return Ok(());
        }
        let from = if self.dice.percent(60) { self.sent.len().saturating_sub(4) } else { 0 };
        let Sent { who, method, path, mut body } = self.dice.one(&self.sent[from..]).clone();
        if self.dice.percent(15) && method == "PUT" {
            body["properties"]["displayName"] = json!("another name");
        }
        self.ask(&who, method, &path, &body)?;
        Ok(())
    }

    fn look(&mut self) -> Done {
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

    /// Somebody without the right, or of another tenant.
    fn trespass(&mut self) -> Done {
        let owner = self.world.owners[0].clone();
        let Some(held) = self.some_units(&owner) else { return Ok(()) };
        let reader = self.world.reader.clone();
        let other = self.world.owners[1].clone();
        let who = if self.dice.percent(50) { reader } else { other };
        self.quote_return(&who, &held, 1)?;
        let body = self.wish(0);
        self.ask(&who, "POST", &format!("{CAPACITY}/calculatePrice"), &body)?;
        let path = format!("{CAPACITY}/reservationOrders/{}", held.order);
        self.ask(&who, "GET", &path, &Value::Null)?;
        Ok(())
    }

    /// A request with something missing or wrong in it.
    fn send_rubbish(&mut self) -> Done {
        let (tenant, who) = self.somebody();
        let mut body = self.wish(tenant);
        let fields = [
            "term",
            "billingPlan",
            "quantity",
            "displayName",
            "appliedScopeType",
            "billingScopeId",
        ];
        let field = *self.dice.one(&fields);
        body["properties"][field] =
            self.dice.one(&[Value::Null, json!(-1), json!([]), json!({"a": 1}), json!("")]).clone();
        self.ask(&who, "POST", &format!("{CAPACITY}/calculatePrice"), &body)?;
        let body = json!({ "properties": { "reservationsToExchange": [], "sessionId": 7 } });
        let path = *self.dice.one(&["calculateExchange", "exchange"]);
        self.ask(&who, "POST", &format!("{CAPACITY}/{path}"), &body)?;
        Ok(())
    }
}

fn item(held: &Held) -> String {
    format!("{CAPACITY}/reservationOrders/{}/reservations/{}", held.order, held.id)
}

/// The path and the session of an operation.
fn operation(location: &str) -> (String, String) {
    let path = location.split('?').next().unwrap_or_default();
    let session = path.rsplit('/').next().unwrap_or_default().to_owned();
    (format!("{CAPACITY}/operationResults/{session}"), session)
}
