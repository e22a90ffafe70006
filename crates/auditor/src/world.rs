//! The world that a desk works for, read from the document that it was given.

use crate::money::{Amount, Currency, inverse};
use crate::rules;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// Who pays.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: String,
    pub agreement: String,
    pub payment: String,
    pub currency: Currency,
    /// US dollars for one unit of the currency.
    pub rate: Decimal,
    pub prepayment_ends: Option<Date>,
    /// The code that its means of payment is refused with, and until which day.
    pub failing: Option<(&'static str, Option<Date>)>,
}

impl Account {
    /// The code with which its means of payment is refused on a day.
    pub fn failing_on(&self, day: Date) -> Option<&'static str> {
        let (code, until) = self.failing?;
        until.is_none_or(|until| day < until).then_some(code)
    }
}

/// A subscription: whose it is, and which account pays for it.
#[derive(Clone, Debug)]
pub struct Subscription {
    pub tenant: String,
    pub account: String,
    pub groups: BTreeSet<String>,
}

#[derive(Clone, Debug)]
struct Price {
    term: String,
    plan: Option<String>,
    total: Amount,
    since: Date,
}

/// Names in lower case: type, SKU, location.
type Product = (String, String, String);

#[derive(Clone, Debug, Default)]
pub struct World {
    accounts: HashMap<String, Account>,
    subscriptions: HashMap<String, Subscription>,
    prices: HashMap<Product, Vec<Price>>,
    /// Types as the catalog spells them, by their names in lower case.
    kinds: HashMap<String, String>,
    skus: HashMap<String, String>,
    /// Tenant and client of those who may do everything in their tenant; others only look.
    owners: BTreeSet<(String, String)>,
}

impl World {
    /// Adds what a document says.
    pub fn add(&mut self, document: &Value) {
        for row in rows(document, "billingAccounts") {
            self.add_account(row);
        }
        for row in rows(document, "subscriptions") {
            let subscription = Subscription {
                tenant: lower(row, "tenantId"),
                account: text(row, "billingAccount"),
                groups: BTreeSet::new(),
            };
            self.subscriptions.insert(lower(row, "id"), subscription);
        }
        for row in rows(document, "resourceGroups") {
            if let Some(in_it) = self.subscriptions.get_mut(&lower(row, "subscriptionId")) {
                in_it.groups.insert(lower(row, "name"));
            }
        }
        for row in rows(document, "roleAssignments") {
            if row["role"] == "Owner" && row["scope"] == "/" {
                self.owners.insert((lower(row, "tenantId"), lower(row, "clientId")));
            }
        }
        for row in rows(document, "prices") {
            self.add_price(row);
        }
    }

    fn add_account(&mut self, row: &Value) {
        let Some(currency) = Currency::parse(&text(row, "currency")) else { return };
        let account = Account {
            id: text(row, "id"),
            agreement: text(row, "agreement"),
            payment: text(row, "payment"),
            currency,
            rate: decimal(row, "usdRate").unwrap_or(Decimal::ONE),
            prepayment_ends: text(row, "prepaymentEnds").parse().ok(),
            failing: match row["paymentState"].as_str() {
                Some("soft-error") => Some("BillingPaymentInstrumentSoftError"),
                Some("hard-error") => Some("BillingPaymentInstrumentHardError"),
                _ => None,
            }
            .map(|code| (code, text(row, "paymentStateUntil").parse().ok())),
        };
        self.accounts.insert(account.id.clone(), account);
    }

    fn add_price(&mut self, row: &Value) {
        let Some(currency) = Currency::parse(&text(row, "currency")) else { return };
        let total = decimal(row, "unitTotal").and_then(|units| Amount::of(units, currency));
        let (Some(total), Ok(since)) = (total, text(row, "since").parse()) else { return };
        let key = (lower(row, "resourceType"), lower(row, "sku"), lower(row, "location"));
        self.kinds.insert(key.0.clone(), text(row, "resourceType"));
        self.skus.insert(key.1.clone(), text(row, "sku"));
        let plan = row["billingPlan"].as_str().map(str::to_owned);
        let price = Price { term: text(row, "term"), plan, total, since };
        self.prices.entry(key).or_default().push(price);
    }

    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.get(id)
    }

    /// A subscription of a tenant.
    pub fn subscription(&self, tenant: &str, id: &str) -> Option<&Subscription> {
        self.subscriptions.get(id).filter(|row| row.tenant == tenant)
    }

    /// The tenant that a subscription belongs to.
    pub fn tenant_of(&self, subscription: &str) -> Option<&str> {
        self.subscriptions.get(subscription).map(|row| row.tenant.as_str())
    }

    /// Whether a client may do everything in its tenant.
    pub fn is_owner(&self, tenant: &str, client: &str) -> bool {
        self.owners.contains(&(tenant.to_owned(), client.to_owned()))
    }

    /// The type as the catalog spells it.
    pub fn kind(&self, name: &str) -> Option<&str> {
        self.kinds.get(&name.to_ascii_lowercase()).map(String::as_str)
    }

    pub fn sku(&self, name: &str) -> Option<&str> {
        self.skus.get(&name.to_ascii_lowercase()).map(String::as_str)
    }

    /// The terms for which a product is sold on a day; none where it is not sold.
    pub fn terms(&self, kind: &str, sku: &str, location: &str, day: Date) -> BTreeSet<&str> {
        let listed = self.listed(kind, sku, location).iter();
        listed.filter(|price| price.since <= day).map(|price| price.term.as_str()).collect()
    }

    /// Whether a plan is offered for a product and term.
    pub fn offers_plan(
        &self,
        (kind, sku, location): (&str, &str, &str),
        (term, plan): (&str, &str),
        day: Date,
    ) -> bool {
        let by_type = plan == "Upfront" || rules::sold_monthly(kind, day);
        let mut listed = self
            .listed(kind, sku, location)
            .iter()
            .filter(|price| price.term == term && price.since <= day)
            .peekable();
        if listed.peek().is_none() {
            return by_type;
        }
        listed.any(|price| price.plan.as_deref().map_or(by_type, |own| own == plan))
    }

    /// The price of a unit for the term on a day: in the currency where it is listed, else from
    /// US dollars.
    pub fn price(
        &self,
        product: (&str, &str, &str),
        (term, plan): (&str, &str),
        (currency, rate): (Currency, Decimal),
        day: Date,
    ) -> Option<Amount> {
        let listed = |wanted: Currency| {
            self.listed(product.0, product.1, product.2)
                .iter()
                .filter(|price| price.term == term && price.since <= day)
                .filter(|price| price.plan.as_deref().is_none_or(|own| own == plan))
                .filter(|price| price.total.currency == wanted)
                .max_by_key(|price| price.since)
                .map(|price| price.total)
        };
        listed(currency).or_else(|| {
            if currency == Currency::USD || rate.is_zero() {
                return None;
            }
            listed(Currency::USD).map(|dollars| dollars.at_rate(inverse(rate), currency))
        })
    }

    fn listed(&self, kind: &str, sku: &str, location: &str) -> &[Price] {
        let key = (
            kind.to_ascii_lowercase(),
            sku.to_ascii_lowercase(),
            location.replace(' ', "").to_ascii_lowercase(),
        );
        self.prices.get(&key).map_or(&[], Vec::as_slice)
    }
}

fn rows<'v>(document: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    document[name].as_array().into_iter().flatten()
}

/// Text of a member; nothing is the empty text.
pub fn text(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap_or_default().to_owned()
}

fn lower(row: &Value, name: &str) -> String {
    text(row, name).to_ascii_lowercase()
}

fn decimal(row: &Value, name: &str) -> Option<Decimal> {
    row[name].as_str()?.parse().ok()
}
