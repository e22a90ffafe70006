//! Faults put into the desk on purpose, to see that the auditor finds each of them.

use prorata_domain::policy::Book;
use serde_json::{Number, Value, json};

/// A fault: in a clause of the policy book, or in what is answered.
#[derive(Debug)]
pub struct Fault {
    pub name: &'static str,
    how: How,
}

#[derive(Debug)]
enum How {
    /// A clause's file, and what is changed in it wherever it stands.
    Policy { clause: &'static str, text: &'static str, from: &'static str, to: &'static str },
    /// A change of the answers to requests whose path contains a word.
    Answer { path: &'static str, change: fn(&mut Value) },
}

macro_rules! clause {
    ($name:literal, $clause:literal, $from:literal => $to:literal) => {
        Fault {
            name: $name,
            how: How::Policy {
                clause: $clause,
                text: include_str!(concat!("../../../policy/azure/", $clause, ".toml")),
                from: $from,
                to: $to,
            },
        }
    };
}

const fn answer(name: &'static str, path: &'static str, change: fn(&mut Value)) -> Fault {
    Fault { name, how: How::Answer { path, change } }
}

/// Every fault that must be found.
pub const FAULTS: &[Fault] = &[
    clause!("the cap is a cent larger", "refund-cap", "50000.00 USD" => "50000.01 USD"),
    clause!("the cap is a hundred smaller", "refund-cap", "50000.00 USD" => "49900.00 USD"),
    clause!("refunds come back to the pool a day late", "refund-cap", "P365D" => "P366D"),
    clause!("refunds come back to the pool early", "refund-cap", "P365D" => "P364D"),
    clause!("refunds never come back to the pool", "refund-cap", "P365D" => "P3650D"),
    clause!("only cash counts", "refund-cap-counts", "cancelled-commitment" => "cash-refund"),
    clause!("the lower price lowers what counts", "lowest-price",
        "lowers_cap = false" => "lowers_cap = true"),
    clause!("today's price is not looked at", "lowest-price", "applies = true" => "applies = false"),
    clause!("a day more comes back whole", "young-return", "days = 2" => "days = 3"),
    clause!("the second day still comes back whole", "young-return", "days = 0" => "days = 1"),
    clause!("a fee is kept back", "return-fee", "rate = \"0\"" => "rate = \"0.001\""),
    clause!("quotes live a minute longer", "quote-life", "minutes = 30" => "minutes = 31"),
    clause!("quotes die at once", "quote-life", "minutes = 30" => "minutes = 0"),
    clause!("partners act a month early", "self-service", "2021-11-01" => "2021-09-15"),
    clause!("monthly plans act late", "self-service", "2020-03-24" => "2020-06-24"),
    clause!("plans of Databricks are returned", "not-refundable", "\"Databricks\"," => ""),
    clause!("OpenShift is exchanged", "not-exchangeable", "\"RedHatOsa\"," => ""),
    clause!("web instances are compute", "exchange-groups",
        "\"VirtualMachines\", " => "\"VirtualMachines\", \"AppService\", "),
    clause!("the end of exchanges is late", "exchange-right", "2027-02-01" => "2027-06-01"),
    clause!("no last exchange", "exchange-right", "final_rights = 1" => "final_rights = 0"),
    clause!("old series are sold on", "legacy-sale-stop", "2026-07-01" => "2027-01-01"),
    clause!("a series is forgotten", "legacy-sale-stop", "\"Dv3\", " => ""),
    clause!("card refunds go to the next invoice", "refund-settlement",
        "payment = \"card\", to = \"card\"" => "payment = \"card\", to = \"next-invoice\""),
    clause!("credits of an ended term stay prepayment", "refund-settlement",
        "to = \"credit-note\"" => "to = \"credit-memo\""),
    clause!("savings plans are sold early", "savings-plan-offer", "2022-10-12" => "2022-04-12"),
    clause!("databases are traded in late", "trade-in-types", "2026-07-22" => "2027-07-22"),
    clause!("a trade-in has a fee", "trade-in-fee", "rate = \"0\"" => "rate = \"0.01\""),
    clause!("refused payments are tried a day late", "payment-retry", "\"P3D\"" => "\"P4D\""),
    clause!("what is owed holds nothing up", "overdue-payments",
        "block_returns = true" => "block_returns = false"),
    clause!("plans that drain are split", "not-rearranged", "\"Databricks\"" => "\"SqlEdge\""),
    clause!("swaps went both ways early", "premium-storage-swap", "2025-04-01" => "2023-04-01"),
    clause!("renewals are locked a day late", "renewal-lock", "days = 30" => "days = 29"),
    clause!("a price that moved is renewed at the lower", "renewal-lock",
        "moved = \"refuse\"" => "moved = \"lower\""),
    clause!("renewals are not renewed again", "renewal-default", "on = true" => "on = false"),
    answer("a refund is a cent too much", "calculateRefund", |body| {
        add(body, "/properties/billingRefundAmount/amount", "0.01");
    }),
    answer("the pool is a cent off", "return", |body| {
        add(body, "/properties/policyResult/properties/consumedRefundsTotal/amount", "0.01");
    }),
    answer("the future is forgotten", "calculateRefund", |body| {
        let at = "/properties/billingInformation/billingCurrencyRemainingCommitmentAmount/amount";
        put(body, at, json!(0.0));
    }),
    answer("a payment falls due a day later", "expand=schedule", |body| {
        let at = "/properties/planInformation/transactions/1/dueDate";
        put(body, at, json!("2019-12-25"));
    }),
    answer("a payment to come is called made", "expand=schedule", |body| {
        put(body, "/properties/planInformation/transactions/2/status", json!("Succeeded"));
    }),
    answer("a unit is lost", "/reservations", |body| {
        add(body, "/value/0/properties/quantity", "-1");
    }),
    answer("ended units are shown as held", "/reservations", |body| {
        put(body, "/value/0/properties/provisioningState", json!("Succeeded"));
    }),
    answer("a reservation is missing", "/reservations", |body| {
        if let Some(rows) = body["value"].as_array_mut() {
            rows.truncate(1);
        }
    }),
    answer("a purchase date is reset", "/reservations", |body| {
        put(body, "/value/1/properties/purchaseDate", json!("2020-02-02"));
    }),
    answer("an exchange nets a cent less", "operationResults", |body| {
        add(body, "/properties/netPayable/amount", "-0.01");
    }),
    answer("a merge loses a unit", "/merge", |body| {
        let last = body.as_array().map_or(0, Vec::len).saturating_sub(1);
        add(body, &format!("/{last}/properties/quantity"), "-1");
    }),
    answer("an update changes nothing", "/reservations/", |body| {
        put(body, "/properties/displayName", json!("as it was"));
    }),
    answer("a move leaves a reservation behind", "changeDirectory", |body| {
        if let Some(rows) = body["reservations"].as_array_mut() {
            rows.pop();
        }
    }),
    answer("a payment was made a day early", "expand=schedule", |body| {
        let at = "/properties/planInformation/transactions/0/paymentDate";
        put(body, at, json!("2018-12-31"));
    }),
    answer("dollars are not converted", "calculatePrice", |body| {
        let billed = body["properties"]["billingCurrencyTotal"]["amount"].clone();
        put(body, "/properties/pricingCurrencyTotal/amount", billed);
    }),
];

fn put(body: &mut Value, at: &str, value: Value) {
    if let Some(place) = body.pointer_mut(at) {
        *place = value;
    }
}

/// Adds to a number of an answer.
fn add(body: &mut Value, at: &str, what: &str) {
    let Some(place) = body.pointer_mut(at) else { return };
    let sum = place.as_f64().zip(what.parse::<f64>().ok()).map(|(had, what)| had + what);
    if let Some(sum) = sum {
        *place = format!("{sum:.2}").parse::<Number>().map_or(Value::Null, Value::Number);
    }
}

/// The book that the desk ships with.
pub fn built_in() -> Book {
    Book::built_in().clone()
}

impl Fault {
    /// The book that the desk decides by.
    ///
    /// # Errors
    /// Why there is none: the clause does not say any more what is changed in it.
    pub fn book(&self) -> Result<Book, String> {
        let How::Policy { clause, text, from, to } = &self.how else { return Ok(built_in()) };
        if !text.contains(from) {
            return Err(format!("{clause} does not say `{from}`"));
        }
        let changed = text.replace(from, to);
        let file = format!("{clause}.toml");
        built_in()
            .with_files([(file.as_str(), changed.as_str())])
            .map_err(|faults| format!("{clause}: {faults:?}"))
    }

    /// Spoils an answer.
    pub fn spoil(&self, path: &str, body: &mut Value) {
        if let How::Answer { path: of, change } = &self.how
            && path.contains(of)
        {
            change(body);
        }
    }
}
