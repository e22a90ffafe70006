//! Microsoft.Consumption, as far as it is about what was paid for reservations.

use super::fault::{BAD_REQUEST, Fault};
use super::number::{amount, instant};
use super::v2022_11_01::order::billing_account as account_id;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use prorata_domain::ids::EntryId;
use prorata_domain::policy::Agreement;
use prorata_domain::reservation::{BillingAccount, Order};
use prorata_domain::term::{BillingPlan, utc_day};
use prorata_ledger::Money;
use serde_json::{Value, json};

/// A payment taken, or one given back.
pub struct Transaction<'a> {
    pub id: EntryId,
    pub at: Timestamp,
    pub order: &'a Order,
    /// The name of the subscription that pays.
    pub subscription: &'a str,
    pub quantity: Option<u32>,
    pub amount: Money,
}

/// A transaction as the account's agreement has it: the legacy shape for enterprise and
/// pay-as-you-go accounts, the modern one for the others. What is bought in an exchange is a
/// purchase, what is given up in one is a refund.
pub fn transaction(row: &Transaction<'_>, account: &BillingAccount) -> Value {
    let bought = &row.order.commitment;
    let kind = if row.amount.minor() < 0 { "Refund" } else { "Purchase" };
    let frequency = match bought.plan {
        BillingPlan::Upfront => "OneTime",
        BillingPlan::Monthly => "Recurring",
    };
    let mut properties = json!({
        "eventDate": instant(row.at),
        "eventType": kind,
        "reservationOrderId": row.order.id.to_string(),
        "reservationOrderName": row.order.display_name,
        "description": format!("{} {} {}", bought.sku, bought.location, bought.term.as_str()),
        "armSkuName": bought.sku,
        "region": bought.location,
        "term": bought.term.as_str(),
        "billingFrequency": frequency,
        "amount": amount(row.amount),
        "currency": row.amount.currency().code(),
        "purchasingSubscriptionGuid": row.order.billing_subscription.to_string(),
        "purchasingSubscriptionName": row.subscription,
    });
    if let Some(quantity) = row.quantity {
        properties["quantity"] = json!(quantity);
    }
    match account.agreement {
        Agreement::Ea | Agreement::Payg => {
            let day = utc_day(row.at);
            let month = i32::from(day.year()) * 10_000 + i32::from(day.month()) * 100 + 1;
            properties["billingMonth"] = json!(month);
            properties["purchasingEnrollment"] = json!(account.id);
            properties["currentEnrollment"] = json!(account.id);
        }
        Agreement::Mca | Agreement::Csp => {
            if let Some(profile) = &account.profile {
                let id = format!("{}/billingProfiles/{profile}", account_id(&account.id));
                properties["billingProfileId"] = json!(id);
                properties["billingProfileName"] = json!(profile);
            }
        }
    }
    json!({
        "id": format!(
            "{}/providers/Microsoft.Consumption/reservationTransactions/{}",
            account_id(&account.id),
            row.id
        ),
        "name": row.id.to_string(),
        "type": "Microsoft.Consumption/reservationTransactions",
        "tags": [],
        "properties": properties,
    })
}

/// The days that a `$filter` keeps, both included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Days {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// Reads `properties/eventDate ge 2020-05-20 AND properties/eventDate le 2020-05-30`.
///
/// # Errors
/// A fault that shows the form.
pub fn parse_days(filter: &str) -> Result<Days, Fault> {
    let mut days = Days::default();
    let words: Vec<&str> = filter.split_whitespace().collect();
    for (index, part) in words.split(|word| word.eq_ignore_ascii_case("and")).enumerate() {
        if words.is_empty() && index == 0 {
            break;
        }
        let [field, operator, value] = part else { return Err(unreadable(filter)) };
        let name = field.rsplit('/').next().unwrap_or_default();
        let day = value.trim_matches('\'').get(..10).and_then(|text| text.parse::<Date>().ok());
        let Some(day) = day.filter(|_| name.eq_ignore_ascii_case("eventDate")) else {
            return Err(unreadable(filter));
        };
        match operator.to_ascii_lowercase().as_str() {
            "ge" => days.from = Some(day),
            "gt" => days.from = Some(day.saturating_add(1.days())),
            "le" => days.to = Some(day),
            "lt" => days.to = Some(day.saturating_sub(1.days())),
            "eq" => days = Days { from: Some(day), to: Some(day) },
            _ => return Err(unreadable(filter)),
        }
    }
    Ok(days)
}

fn unreadable(filter: &str) -> Fault {
    let shown: String = filter.chars().take(100).collect();
    Fault {
        code: BAD_REQUEST,
        path: "$filter".to_owned(),
        message: format!(
            "`$filter` is `{shown}`; give days as in `properties/eventDate ge 2026-01-01 and \
             properties/eventDate le 2026-01-31`."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_filter_keeps_days() {
        let (first, last) = (date(2026, 1, 1), date(2026, 1, 31));
        let both = Days { from: Some(first), to: Some(last) };
        for text in [
            "properties/eventDate ge 2026-01-01 AND properties/eventDate le 2026-01-31",
            "eventDate ge '2026-01-01' and eventdate lt 2026-02-01",
            "properties/eventDate gt 2025-12-31 and properties/eventDate le 2026-01-31T23:00:00Z",
        ] {
            assert_eq!(parse_days(text), Ok(both), "{text}");
        }
        assert_eq!(parse_days(""), Ok(Days::default()));
        let one = parse_days("eventDate eq 2026-01-01").unwrap();
        assert_eq!((one.from, one.to), (Some(first), Some(first)));
        for text in [
            "eventDate",
            "eventDate ge soon",
            "quantity ge 2026-01-01",
            "eventDate near 2026-01-01",
            "eventDate ge 2026-01-01 or eventDate le 2026-01-02",
            "and",
        ] {
            assert_eq!(parse_days(text).unwrap_err().path, "$filter", "{text}");
        }
    }
}
