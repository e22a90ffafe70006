//! What a caller asks for, read from the path and the body.

use serde_json::Value;

/// A request and who sent it, when.
#[derive(Clone, Copy, Debug)]
pub struct Call<'c> {
    pub at: jiff::Timestamp,
    pub tenant: &'c str,
    pub client: &'c str,
    pub method: &'c str,
    /// The path with its query.
    pub path: &'c str,
    pub body: &'c Value,
}

/// An answer; lists that come in pages are one answer with all their rows.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    pub status: u16,
    /// Where the answer says to look next.
    pub location: &'a str,
    pub body: &'a Value,
}

/// Where a reservation applies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Scope {
    Shared,
    Subscription(String),
    ResourceGroup(String, String),
}

/// A purchase as it is asked for, alone or in an exchange.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    pub kind: String,
    pub sku: String,
    /// In lower case without blanks; empty where none is named.
    pub location: String,
    pub subscription: String,
    pub term: String,
    pub plan: String,
    pub quantity: u32,
    pub name: String,
    pub scope: Scope,
    pub renew: bool,
}

impl Wanted {
    /// Reads a purchase request; nothing where it is not one.
    pub fn read(body: &Value) -> Option<Wanted> {
        let properties = &body["properties"];
        let text = |name: &str| properties[name].as_str().filter(|text| !text.trim().is_empty());
        let location = match &body["location"] {
            Value::Null => String::new(),
            other => other.as_str()?.replace(' ', "").to_ascii_lowercase(),
        };
        let term = text("term")?.to_ascii_uppercase();
        crate::calendar::months_of(&term)?;
        let plan = match text("billingPlan")?.to_ascii_lowercase().as_str() {
            "upfront" => "Upfront",
            "monthly" => "Monthly",
            _ => return None,
        };
        Some(Wanted {
            kind: text("reservedResourceType")?.to_owned(),
            sku: body["sku"]["name"].as_str().filter(|name| !name.is_empty())?.to_owned(),
            location,
            subscription: subscription(text("billingScopeId")?)?,
            term,
            plan: plan.to_owned(),
            quantity: quantity(&properties["quantity"])?,
            name: text("displayName")?.to_owned(),
            scope: scope(properties)?,
            renew: properties["renew"].as_bool().unwrap_or(false),
        })
    }
}

/// Units of a reservation that are to be given up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    pub order: String,
    pub reservation: String,
    pub quantity: u32,
}

impl Given {
    pub fn read(row: &Value) -> Option<Given> {
        let (order, reservation) = reservation(row["reservationId"].as_str()?)?;
        Some(Given { order, reservation, quantity: quantity(&row["quantity"])? })
    }
}

/// A whole number of units that a request may name.
pub fn quantity(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|units| u32::try_from(units).ok()).filter(|units| *units > 0)
}

/// Where the members of a request say that it applies.
pub fn scope(properties: &Value) -> Option<Scope> {
    let inner = &properties["appliedScopeProperties"];
    match properties["appliedScopeType"].as_str()?.to_ascii_lowercase().as_str() {
        "shared" => inner.is_null().then_some(Scope::Shared),
        "single" => {
            if let Some(group) = inner["resourceGroupId"].as_str() {
                let mut parts = group.trim_matches('/').split('/').skip(1).step_by(2);
                let (id, name) = (parts.next()?, parts.next()?);
                return Some(Scope::ResourceGroup(lower(id), lower(name)));
            }
            Some(Scope::Subscription(subscription(inner["subscriptionId"].as_str()?)?))
        }
        _ => None,
    }
}

/// The id of a subscription, alone or as a path.
pub fn subscription(text: &str) -> Option<String> {
    let id = text.strip_prefix("/subscriptions/").unwrap_or(text);
    guid(id)
}

/// The order and the reservation that a path names.
pub fn reservation(path: &str) -> Option<(String, String)> {
    let parts = segments(path);
    let at = parts.iter().position(|part| part == "reservationorders")?;
    match parts.get(at + 2).map(String::as_str) {
        Some("reservations") => Some((guid(parts.get(at + 1)?)?, guid(parts.get(at + 3)?)?)),
        _ => None,
    }
}

/// The last part of a path, without its query.
pub fn last(path: &str) -> String {
    segments(path).pop().unwrap_or_default()
}

/// The parts of a path in lower case, without its query.
pub fn segments(path: &str) -> Vec<String> {
    let path = path.split('?').next().unwrap_or_default();
    path.split('/').filter(|part| !part.is_empty()).map(lower).collect()
}

pub fn guid(text: &str) -> Option<String> {
    let dashes = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let well = text.len() == 36
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if dashes(at) { byte == b'-' } else { byte.is_ascii_hexdigit() });
    well.then(|| lower(text))
}

fn lower(text: &str) -> String {
    text.to_ascii_lowercase()
}
