//! What clients send that they should not: again, without a right, or broken.

use crate::act::{CAPACITY, Done};
use crate::run::{Player, Sent};
use serde_json::{Value, json};

impl Player {
    /// An earlier deed again, as a client does that got no answer.
    pub(crate) fn send_again(&mut self) -> Done {
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

    /// Somebody without the right, or of another tenant.
    pub(crate) fn trespass(&mut self) -> Done {
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
    pub(crate) fn send_rubbish(&mut self) -> Done {
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
