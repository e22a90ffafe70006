//! The activity log (`Microsoft.Insights`, api-version 2015-04-01): what was changed, by whom, as
//! clients of the cloud read it. Looking at something is no event of it.

use super::fault::Fault;
use super::instant;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

const FILTER: &str = "$filter";
/// How far back the log goes.
pub const DAYS_KEPT: i64 = 90;

/// Which events: those of the patterns that the provider documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    /// The resource and everything in it.
    pub resource: Option<String>,
    pub provider: Option<String>,
    pub resource_group: Option<String>,
    pub correlation: Option<Uuid>,
    pub caller: Option<String>,
    pub status: Option<String>,
}

/// Reads a filter: comparisons joined with `and`, of which a first instant is one.
///
/// # Errors
/// The fault of the first part that is none, and one where no first instant is named.
pub fn parse_filter(text: &str) -> Result<Filter, Fault> {
    let mut filter = Filter {
        from: Timestamp::MIN,
        until: None,
        resource: None,
        provider: None,
        resource_group: None,
        correlation: None,
        caller: None,
        status: None,
    };
    let mut begins = false;
    for part in parts(text) {
        let mut words = part.splitn(3, char::is_whitespace);
        let (Some(name), Some(compares), Some(value)) = (words.next(), words.next(), words.next())
        else {
            return Err(fault(format!("`{}` is not a comparison", short(part))));
        };
        let value = quoted(value.trim())
            .ok_or_else(|| fault(format!("`{}` is not a text in single quotes", short(value))))?;
        let name = name.to_ascii_lowercase();
        match (name.as_str(), compares.to_ascii_lowercase().as_str()) {
            ("eventtimestamp", "ge") => {
                filter.from = time(&value)?;
                begins = true;
            }
            ("eventtimestamp", "le") => filter.until = Some(time(&value)?),
            ("resourceuri" | "resourceid", "eq") => filter.resource = Some(value),
            ("resourceprovider", "eq") => filter.provider = Some(value),
            ("resourcegroupname", "eq") => filter.resource_group = Some(value),
            ("caller", "eq") => filter.caller = Some(value),
            ("status", "eq") => filter.status = Some(value),
            ("correlationid", "eq") => {
                let id = Uuid::try_parse(&value);
                filter.correlation = Some(id.map_err(|_| fault("`correlationId` is not a GUID"))?);
            }
            // Everything here comes from one channel, and no level is left out.
            ("eventchannels" | "levels", "eq") => {}
            _ => return Err(fault(format!("`{} {}` is not known", short(&name), short(compares)))),
        }
    }
    if begins { Ok(filter) } else { Err(fault("no first instant is named")) }
}

/// The parts of a filter between the words `and` that stand outside of quotes.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quotes) = (0, false);
    for (at, letter) in text.char_indices() {
        quotes ^= letter == '\'';
        let word = text.get(at..at + 5).unwrap_or_default();
        if !quotes && at >= start && word.eq_ignore_ascii_case(" and ") {
            parts.push(text[start..at].trim());
            start = at + 5;
        }
    }
    parts.push(text.get(start..).unwrap_or_default().trim());
    parts.retain(|part| !part.is_empty());
    parts
}

fn quoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(inner.replace("''", "'"))
}

fn time(text: &str) -> Result<Timestamp, Fault> {
    // Clients write seven digits of a second, and some leave the zone out.
    let zoned = text.ends_with(['Z', 'z']) || text.rfind(['+', '-']).is_some_and(|at| at > 9);
    let parsed = if zoned { text.parse() } else { format!("{text}Z").parse() };
    parsed.map_err(|_| {
        fault(format!("`{}` is not an instant such as 2027-03-04T05:06:07Z", short(text)))
    })
}

fn short(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(64).collect()
}

fn fault(what: impl Into<String>) -> Fault {
    let what = what.into();
    let message = format!(
        "`$filter` cannot be used: {what}. Write `eventTimestamp ge '2027-03-04T00:00:00Z'`, and if \
         you like `and eventTimestamp le '…'`, `and resourceUri eq '…'`, `and resourceProvider eq \
         '…'`, `and correlationId eq '…'` or `and caller eq '…'`."
    );
    Fault { code: "BadRequest", path: FILTER.to_owned(), message }
}

/// The members that `$select` keeps; nothing where it keeps all.
///
/// # Errors
/// The fault of a name that no event has.
pub fn parse_select(text: &str) -> Result<Option<Vec<String>>, Fault> {
    let names: Vec<&str> = text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let mut kept = Vec::with_capacity(names.len());
    for name in names {
        let known = MEMBERS.iter().find(|known| known.eq_ignore_ascii_case(name));
        let known = known.ok_or_else(|| Fault {
            code: "BadRequest",
            path: "$select".to_owned(),
            message: format!("`$select` names `{}`, which no event has.", short(name)),
        })?;
        kept.push((*known).to_owned());
    }
    Ok((!kept.is_empty()).then_some(kept))
}

const MEMBERS: &[&str] = &[
    "authorization",
    "caller",
    "category",
    "channels",
    "claims",
    "correlationId",
    "description",
    "eventDataId",
    "eventName",
    "eventTimestamp",
    "httpRequest",
    "id",
    "level",
    "operationId",
    "operationName",
    "properties",
    "resourceGroupName",
    "resourceId",
    "resourceProviderName",
    "resourceType",
    "status",
    "subStatus",
    "submissionTimestamp",
    "subscriptionId",
    "tenantId",
];

/// Something that was changed, or that somebody tried to change.
pub struct Event<'e> {
    pub id: Uuid,
    pub at: Timestamp,
    pub tenant: Uuid,
    pub subscription: Option<Uuid>,
    pub principal: Uuid,
    /// What the principal was called then.
    pub caller: Option<&'e str>,
    pub client: Option<&'e str>,
    pub action: &'e str,
    pub target: &'e str,
    pub verdict: &'e str,
    pub code: Option<&'e str>,
    pub address: Option<&'e str>,
    pub correlation: Option<Uuid>,
    pub operation: Option<Uuid>,
}

/// What an action of the audit is called here: of the desk's own words those that change something
/// or ask what a change would come to. Nothing for what is no event of this log.
pub fn operation_name(action: &str) -> Option<&str> {
    Some(match action {
        "purchase" | "renewal" => "Microsoft.Capacity/reservationOrders/write",
        "purchase-quote" => "Microsoft.Capacity/calculatePrice/action",
        "refund" => "Microsoft.Capacity/reservationOrders/return/action",
        "refund-quote" => "Microsoft.Capacity/reservationOrders/calculateRefund/action",
        "exchange" | "trade-in" => "Microsoft.Capacity/exchange/action",
        "exchange-quote" => "Microsoft.Capacity/calculateExchange/action",
        "split" => "Microsoft.Capacity/reservationOrders/split/action",
        "merge" => "Microsoft.Capacity/reservationOrders/merge/action",
        "update" | "scope" => "Microsoft.Capacity/reservationOrders/reservations/write",
        "archive" => "Microsoft.Capacity/reservationOrders/reservations/archive/action",
        "unarchive" => "Microsoft.Capacity/reservationOrders/reservations/unarchive/action",
        "change-directory" => "Microsoft.Capacity/reservationOrders/changeDirectory/action",
        "savings-plan-purchase" => "Microsoft.BillingBenefits/savingsPlanOrders/write",
        "savings-plan-change" => "Microsoft.BillingBenefits/savingsPlanOrders/savingsPlans/write",
        // The provider's own names stand in the audit as they are.
        name if name.contains('/') && !name.to_ascii_lowercase().ends_with("/read") => name,
        _ => return None,
    })
}

/// The path of the resource that a target of the audit names.
pub fn resource_id(target: &str) -> String {
    if target.starts_with('/') {
        return target.to_owned();
    }
    let mut path = String::new();
    let mut words = target.split('/');
    while let (Some(kind), Some(id)) = (words.next(), words.next()) {
        let segment = match kind {
            "order" => "/providers/Microsoft.Capacity/reservationOrders",
            "reservation" => "/reservations",
            "exchange" => "/providers/Microsoft.Capacity/exchanges",
            "subscription" => "/subscriptions",
            "savings-plan-order" => "/providers/Microsoft.BillingBenefits/savingsPlanOrders",
            "savings-plan-order-alias" => {
                "/providers/Microsoft.BillingBenefits/savingsPlanOrderAliases"
            }
            "savings-plan" => "/savingsPlans",
            _ => continue,
        };
        // Of several resources the first one stands for all.
        if segment.starts_with("/providers") && !path.is_empty() {
            break;
        }
        path.push_str(segment);
        path.push('/');
        path.push_str(id);
    }
    path
}

/// A page of events, newest first, with the members that are kept.
pub fn page<'e>(
    events: impl Iterator<Item = Event<'e>>,
    select: Option<&[String]>,
    next_link: Option<String>,
) -> Value {
    let rows: Vec<Value> = events
        .map(|event| {
            let mut members = shown(&event);
            if let Some(select) = select {
                members.retain(|name, _| select.contains(name));
            }
            Value::Object(members)
        })
        .collect();
    let mut body = json!({ "value": rows });
    if let Some(link) = next_link {
        body["nextLink"] = json!(link);
    }
    body
}

/// Whether an event came to what its status says: `Succeeded` or `Failed`.
pub fn status(verdict: &str) -> &'static str {
    if verdict == "approved" { "Succeeded" } else { "Failed" }
}

fn shown(event: &Event<'_>) -> Map<String, Value> {
    let name = operation_name(event.action).unwrap_or_default();
    let resource = resource_id(event.target);
    let provider = name.split('/').next().unwrap_or_default();
    let succeeded = event.verdict == "approved";
    let named = |value: &str| json!({ "value": value, "localizedValue": value });
    let sub_status = match event.verdict {
        "approved" => "OK",
        "denied" => "Forbidden",
        _ => event.code.unwrap_or("Conflict"),
    };
    let correlation = event.correlation.unwrap_or(event.id).to_string();
    let mut body = json!({
        "authorization": { "action": name, "scope": resource },
        "caller": event.caller.map_or_else(|| event.principal.to_string(), str::to_owned),
        "category": named("Administrative"),
        "channels": "Operation",
        "claims": claims(event),
        "correlationId": correlation,
        "description": "",
        "eventDataId": event.id.to_string(),
        "eventName": named("EndRequest"),
        "eventTimestamp": instant(event.at),
        "id": format!("{resource}/events/{}/ticks/{}", event.id, event.at.as_microsecond()),
        "level": if succeeded { "Informational" } else { "Error" },
        "operationId": event.operation.map_or(correlation.clone(), |id| id.to_string()),
        "operationName": named(name),
        "properties": { "entity": resource, "verdict": event.verdict },
        "resourceGroupName": "",
        "resourceId": resource,
        "resourceProviderName": named(provider),
        "resourceType": named(resource_type(name)),
        "status": named(status(event.verdict)),
        "subStatus": named(sub_status),
        "submissionTimestamp": instant(event.at),
        "tenantId": event.tenant.to_string(),
    });
    if let Some(subscription) = event.subscription {
        body["subscriptionId"] = json!(subscription.to_string());
    }
    if let Some(address) = event.address {
        body["httpRequest"] = json!({
            "clientIpAddress": address,
            "clientRequestId": correlation,
            "method": if name.ends_with("/write") { "PUT" } else { "POST" },
        });
    }
    match body {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Of an operation's name the part that names the kind of resource.
fn resource_type(name: &str) -> &str {
    let kind = name.rsplit_once('/').map_or(name, |(kind, _)| kind);
    let calculated = ["split", "merge", "return", "calculateRefund", "changeDirectory"];
    match kind.rsplit_once('/') {
        Some((parent, last)) if calculated.contains(&last) => parent,
        _ => kind,
    }
}

fn claims(event: &Event<'_>) -> Value {
    const OBJECT: &str = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    let mut claims = Map::new();
    claims.insert(OBJECT.to_owned(), json!(event.principal.to_string()));
    if let Some(name) = event.caller {
        claims.insert("name".to_owned(), json!(name));
    }
    if let Some(client) = event.client {
        claims.insert("appid".to_owned(), json!(client));
    }
    if let Some(address) = event.address {
        claims.insert("ipaddr".to_owned(), json!(address));
    }
    Value::Object(claims)
}

#[cfg(test)]
mod tests {
    use super::{operation_name, parse_filter, parse_select, resource_id};

    const FROM: &str = "eventTimestamp ge '2027-01-01T00:00:00.1234567Z'";

    #[test]
    fn the_documented_patterns_are_read() {
        let filter = parse_filter(&format!(
            "{FROM} AND eventTimestamp le '2027-02-01T00:00:00' and resourceUri eq '/a and /b' and \
             caller eq 'O''Hara' and eventChannels eq 'Admin, Operation'"
        ))
        .unwrap();
        assert_eq!(filter.from.to_string(), "2027-01-01T00:00:00.1234567Z");
        assert_eq!(filter.until.unwrap().to_string(), "2027-02-01T00:00:00Z");
        assert_eq!(filter.resource.as_deref(), Some("/a and /b"));
        assert_eq!(filter.caller.as_deref(), Some("O'Hara"));
        let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
        let filter = parse_filter(&format!("{FROM} and correlationId eq '{id}'")).unwrap();
        assert_eq!(filter.correlation.unwrap().to_string(), id);
    }

    #[test]
    fn what_is_not_a_pattern_is_named() {
        for (filter, named) in [
            ("", "no first instant"),
            ("eventTimestamp le '2027-01-01T00:00:00Z'", "no first instant"),
            ("eventTimestamp ge 'soon'", "`soon`"),
            ("eventTimestamp ge 2027-01-01", "single quotes"),
            ("eventTimestamp", "not a comparison"),
            (&format!("{FROM} and level eq 'Error'"), "`level eq`"),
            (&format!("{FROM} and correlationId eq 'x'"), "GUID"),
            (&format!("{FROM} or caller eq 'x'"), "is not an instant"),
        ] {
            let fault = parse_filter(filter).unwrap_err();
            assert!(fault.message.contains(named), "{filter}: {}", fault.message);
        }
    }

    #[test]
    fn select_keeps_members_by_their_names() {
        assert_eq!(parse_select(" , ").unwrap(), None);
        assert_eq!(parse_select("CALLER, status").unwrap().unwrap(), ["caller", "status"]);
        assert!(parse_select("secret").unwrap_err().message.contains("`secret`"));
    }

    #[test]
    fn targets_are_resources() {
        for (target, resource) in [
            ("order/1", "/providers/Microsoft.Capacity/reservationOrders/1"),
            (
                "order/1/reservation/2",
                "/providers/Microsoft.Capacity/reservationOrders/1/reservations/2",
            ),
            ("exchange/1/order/2", "/providers/Microsoft.Capacity/exchanges/1"),
            ("subscription/1", "/subscriptions/1"),
            ("/providers/x", "/providers/x"),
            ("world", ""),
        ] {
            assert_eq!(resource_id(target), resource);
        }
        assert_eq!(operation_name("sign-in"), None);
        assert_eq!(operation_name("Microsoft.Support/supportTickets/read"), None);
        let write = "Microsoft.Authorization/roleAssignments/write";
        assert_eq!(operation_name(write), Some(write));
    }
}
