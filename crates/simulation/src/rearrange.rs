//! Rearranging what is held, and swapping it for its twin.

use crate::act::{CAPACITY, Done, Held, item};
use crate::run::Player;
use prorata_auditor::State;
use serde_json::json;

impl Player {
    /// Units for as many of the size that differs in premium storage; now and then with something
    /// else changed too, which makes it an ordinary exchange.
    pub(crate) fn swap(&mut self) -> Done {
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
                    currency: order.deal.unit_total.currency.code(),
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
                        "renew": order.deal.is_monthly(),
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
    pub(crate) fn split(&mut self) -> Done {
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

    /// Some of what an order holds made one again; now and then what does not go together.
    pub(crate) fn merge(&mut self) -> Done {
        let (_, who) = self.somebody();
        let mut orders: Vec<Vec<Held>> = Vec::new();
        for held in self.units(&who, true) {
            match orders.iter_mut().find(|of| of[0].order == held.order) {
                Some(of) => of.push(held),
                None => orders.push(vec![held]),
            }
        }
        if self.dice.percent(92) {
            orders.retain(|held| held.len() > 1);
        }
        if orders.is_empty() {
            return Ok(());
        }
        let held = self.dice.one(&orders).clone();
        let count = self.dice.between(2, 4).min(held.len() as u64) as usize;
        let from = self.dice.index(held.len() - count + 1);
        let sources: Vec<String> = held[from..from + count].iter().map(item).collect();
        let path = format!("{CAPACITY}/reservationOrders/{}/merge", held[0].order);
        let body = json!({ "properties": { "sources": sources } });
        self.deed(&who, "POST", &path, &body)?;
        self.look_at_order(&who, &held[0].order)
    }

    /// Another scope, name, flexibility or renewal; sometimes what is there already.
    pub(crate) fn change(&mut self) -> Done {
        let (tenant, who) = self.somebody();
        let Some(held) = self.some_units(&who) else { return Ok(()) };
        let subscriptions: Vec<String> =
            self.world.of_tenant(tenant).into_iter().map(str::to_owned).collect();
        let mut properties = json!({});
        for _ in 0..self.dice.between(1, 2) {
            match self.dice.between(0, 7) {
                0 => properties["appliedScopeType"] = json!("Shared"),
                1 => {
                    let subscription = if self.dice.percent(70) {
                        held.subscription.clone()
                    } else {
                        self.dice.one(&subscriptions).clone()
                    };
                    let path = format!("/subscriptions/{subscription}");
                    properties["appliedScopeType"] = json!("Single");
                    properties["appliedScopeProperties"] = json!({ "subscriptionId": path });
                }
                2 => properties["name"] = json!(format!("name-{}", self.dice.between(1, 9))),
                3 => {
                    let on = self.dice.percent(30);
                    properties["instanceFlexibility"] = json!(if on { "On" } else { "Off" });
                }
                _ => properties["renew"] = json!(self.dice.percent(60)),
            }
        }
        if properties["appliedScopeType"] == "Shared" {
            properties["appliedScopeProperties"] = json!(null);
        }
        let body = json!({ "properties": properties });
        self.deed(&who, "PATCH", &item(&held), &body)?;
        Ok(())
    }

    /// What is over goes out of sight, and comes back.
    pub(crate) fn archive(&mut self) -> Done {
        let (_, who) = self.somebody();
        let units = self.units(&who, false);
        if units.is_empty() {
            return Ok(());
        }
        let held = self.dice.one(&units).clone();
        let deed = if self.dice.percent(70) { "archive" } else { "unarchive" };
        self.deed(&who, "POST", &format!("{}/{deed}", item(&held)), &json!(null))?;
        Ok(())
    }

    /// An order moves to the other tenant, or to where it cannot.
    pub(crate) fn change_directory(&mut self) -> Done {
        let (tenant, who) = self.somebody();
        let Some(held) = self.some_units(&who) else { return Ok(()) };
        let other = self.world.owners[1 - tenant].clone();
        let to = match self.dice.between(0, 9) {
            0 => who.tenant.clone(),
            1 => "99999999-0000-4000-8000-000000000001".to_owned(),
            _ => other.tenant.clone(),
        };
        let path = format!("{CAPACITY}/reservationOrders/{}/changeDirectory", held.order);
        self.deed(&who, "POST", &path, &json!({ "destinationTenantId": to }))?;
        self.look_at_order(&who, &held.order)?;
        self.look_at_order(&other, &held.order)
    }

    /// An account's means of payment is refused for a while, or works again.
    pub(crate) fn trouble(&mut self) -> Done {
        let accounts = &self.world.document["billingAccounts"];
        let rows: Vec<serde_json::Value> = accounts.as_array().cloned().unwrap_or_default();
        let mut row = self.dice.one(&rows).clone();
        let id = row["id"].as_str().unwrap_or_default().to_owned();
        if self.failing.remove(&id) {
            row["paymentState"] = json!("ok");
        } else {
            row["paymentState"] = json!(*self.dice.one(&["soft-error", "hard-error"]));
            if self.dice.percent(60) {
                row["paymentStateUntil"] = json!(self.days_on(1, 60));
            }
            self.failing.insert(id);
        }
        self.change_world(&json!({ "billingAccounts": [row] }))
    }
}
