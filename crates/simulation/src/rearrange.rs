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
}
