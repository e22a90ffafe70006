//! What a mail says: one sentence, what it is about, and the particulars.

use prorata_app::deliveries::Delivery;
use serde_json::Value;

pub(crate) struct Text {
    pub subject: String,
    pub body: String,
}

/// The text of a notification.
pub(crate) fn of(delivery: &Delivery) -> Text {
    let what = sentence(&delivery.kind);
    let about = about(&delivery.target);
    let mut body = format!("{what}.\n\n  What:    {about}\n  When:    {}\n", delivery.at);
    if !delivery.billing_account.is_empty() {
        body += &format!("  Account: {}\n", delivery.billing_account);
    }
    for (name, value) in particulars(&delivery.doc) {
        body += &format!("  {name}: {value}\n");
    }
    body += "\nYou get this mail because somebody in your tenant wants such notifications sent \
             here.\n";
    Text { subject: format!("{what}: {about}"), body }
}

/// What happened, for people. A kind without words of its own is told by its name.
fn sentence(kind: &str) -> String {
    let known = match kind {
        "expiring" => "A reservation ends soon",
        "expired" => "A reservation has ended",
        "renewed" => "A reservation was renewed",
        "not-renewed" => "A reservation was not renewed",
        "payment-failed" => "A payment failed",
        "purchase" => "A reservation was bought",
        "cancellation" => "A reservation was returned",
        "exchange" => "Reservations were exchanged",
        "trade-in" => "Reservations were traded in for a savings plan",
        "savings-plan-purchase" => "A savings plan was bought",
        "scope-change" => "The scope of a reservation changed",
        "change" => "A reservation was changed",
        "test" => "This is a test",
        other => {
            let words = other.replace('-', " ");
            let mut letters = words.chars();
            return letters
                .next()
                .map(char::to_uppercase)
                .into_iter()
                .flatten()
                .chain(letters)
                .collect();
        }
    };
    known.to_owned()
}

/// A target path as people say it.
fn about(target: &str) -> String {
    target.replace('/', " ")
}

fn particulars(doc: &str) -> Vec<(String, String)> {
    let read: Value = serde_json::from_str(doc).unwrap_or_default();
    let shown = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let members = read.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.clone(), shown(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use prorata_app::deliveries::{DeliveryState, TenantId};

    fn delivery(kind: &str, doc: &str) -> Delivery {
        Delivery {
            receiver: uuid::Uuid::nil(),
            notification: uuid::Uuid::nil(),
            tenant: TenantId(uuid::Uuid::nil()),
            at: Timestamp::UNIX_EPOCH,
            kind: kind.to_owned(),
            billing_account: "100".to_owned(),
            target: "order/1/reservation/2".to_owned(),
            doc: doc.to_owned(),
            state: DeliveryState::Waiting,
            attempts: 1,
            trouble: None,
        }
    }

    #[test]
    fn a_mail_says_what_happened_to_what_and_how() {
        let text = of(&delivery("payment-failed", r#"{"code":"Card","reason":"expired"}"#));
        assert_eq!(text.subject, "A payment failed: order 1 reservation 2");
        for part in ["A payment failed.", "reservation 2", "Account: 100", "reason: expired"] {
            assert!(text.body.contains(part), "{part} in {}", text.body);
        }
    }

    #[test]
    fn a_kind_without_words_is_told_by_its_name() {
        assert_eq!(
            of(&delivery("request-approved", "{}")).subject.split(':').next(),
            Some("Request approved")
        );
    }
}
