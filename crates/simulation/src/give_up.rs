//! Returns and exchanges: of a part, of the whole, of more than is held, twice, too late.

use crate::act::{CAPACITY, Done, Held, item, operation};
use crate::run::{Difference, Player};
use crate::world::{PRODUCTS, Product, Who};
use serde_json::{Value, json};

impl Player {
    pub(crate) fn part_of(&mut self, quantity: u32) -> u64 {
        match self.dice.between(0, 99) {
            0..=44 => u64::from(quantity),
            45..=95 => self.dice.between(1, u64::from(quantity)),
            96..=97 => u64::from(quantity) + 1,
            _ => 0,
        }
    }

    pub(crate) fn return_some(&mut self) -> Done {
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
    pub(crate) fn quote_return(
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

    pub(crate) fn carry_out_return(&mut self, who: &Who, order: &str, body: Value) -> Done {
        let path = format!("{CAPACITY}/reservationOrders/{order}/return");
        let done = self.deed(who, "POST", &path, &body)?;
        if done.status == 202 { self.look_at_order(who, order) } else { Ok(()) }
    }

    /// Two quotes for the same units: at most one of them is carried out.
    pub(crate) fn return_twice(&mut self) -> Done {
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

    pub(crate) fn exchange_some(&mut self) -> Done {
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

    /// Units for a savings plan, alone or beside reservations; sometimes one that is worth too
    /// little, is not sold yet, or does not cover them.
    pub(crate) fn trade_in(&mut self) -> Done {
        let (tenant, who) = self.somebody();
        let units = self.units(&who, true);
        let covered =
            ["VirtualMachines", "AppService", "DedicatedHost", "SqlDatabases", "CosmosDb"];
        let fits = |held: &&Held| covered.contains(&held.kind.as_str());
        let mut some: Vec<Held> = units.iter().filter(fits).cloned().collect();
        if some.is_empty() || self.dice.percent(10) {
            some = units;
        }
        if some.is_empty() {
            return Ok(());
        }
        let held = self.dice.one(&some).clone();
        let quantity = self.part_of(held.quantity).max(1);
        let database = matches!(held.kind.as_str(), "SqlDatabases" | "CosmosDb" | "PostgreSql");
        let other = self.dice.percent(8);
        let sku = if database != other { "Database_Savings_Plan" } else { "Compute_Savings_Plan" };
        let most = *self.dice.one(&[300, 6_000, 90_000]);
        let amount = self.dice.between(1, most) as f64 / 1_000.0;
        let term = if self.dice.percent(70) { "P1Y" } else { "P3Y" };
        let plan = json!({
            "sku": {"name": sku},
            "properties": {
                "displayName": "plan", "term": term, "appliedScopeType": "Shared",
                "billingScopeId": format!("/subscriptions/{}", held.subscription),
                "commitment": {
                    "currencyCode": held.currency, "amount": amount, "grain": "Hourly",
                },
            },
        });
        let wishes = if self.dice.percent(15) { vec![self.wish(tenant)] } else { Vec::new() };
        self.exchange_for(&who, &[(held, quantity)], &wishes, &[plan])
    }

    pub(crate) fn exchange(&mut self, who: &Who, given: &[(Held, u64)], wishes: &[Value]) -> Done {
        self.exchange_for(who, given, wishes, &[])
    }

    fn exchange_for(
        &mut self,
        who: &Who,
        given: &[(Held, u64)],
        wishes: &[Value],
        plans: &[Value],
    ) -> Done {
        let returns: Vec<Value> = given
            .iter()
            .map(|(held, quantity)| json!({"reservationId": item(held), "quantity": quantity}))
            .collect();
        let body = json!({ "properties": {
            "reservationsToExchange": returns, "reservationsToPurchase": wishes,
            "savingsPlansToPurchase": plans,
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

    /// A quote that is carried out about when it lapses.
    pub(crate) fn let_a_quote_lapse(&mut self) -> Done {
        let (_, who) = self.somebody();
        let Some(held) = self.some_units(&who) else { return Ok(()) };
        let quantity = self.part_of(held.quantity).max(1);
        let Some(deed) = self.quote_return(&who, &held, quantity)? else { return Ok(()) };
        let seconds = *self.dice.one(&[29 * 60, 30 * 60 - 1, 30 * 60, 31 * 60, 90_000]);
        self.wait(seconds)?;
        self.carry_out_return(&who, &held.order, deed)
    }
}
