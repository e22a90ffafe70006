//! Tickets: what is asked, and how they are shown.

use super::{provider, service_path};
use crate::azure::fault::{BAD_REQUEST, Fault, Faults};
use crate::azure::instant;
use crate::azure::member::Member;
use crate::azure::number::parse_instant;
use jiff::{SignedDuration, Timestamp};
use prorata_domain::ids::SubscriptionId;
use prorata_domain::support::ticket::{ID_MAX, TEXT_MAX, TITLE_MAX};
use prorata_domain::support::{
    Change, Consent, Contact, ContactChange, ContactMethod, Content, Quota, QuotaRequest, Severity,
    Status,
};
use serde_json::{Value, json};

/// Letters of a name or a word; what is longer is no name.
const WORD_MAX: usize = 256;
/// Items of a list.
const ITEMS_MAX: usize = 50;

const SEVERITIES: &str = "`minimal`, `moderate`, `critical` or `highestcriticalimpact`";

/// Reads what is asked.
///
/// # Errors
/// Every fault of the form; what is wrong with the content is found where it is kept.
pub fn parse(body: &Value) -> Result<Content, Vec<Fault>> {
    let mut faults = Faults::default();
    let root = Member::root(body).object(&mut faults, "an object with `properties`");
    let content = root
        .and_then(|root| root.get("properties").object(&mut faults, "an object with the ticket"))
        .and_then(|properties| read(&properties, &mut faults));
    faults.finish(content)
}

fn read(at: &Member<'_>, faults: &mut Faults) -> Option<Content> {
    let service = at.get("serviceId").read(faults, BAD_REQUEST, "the id of a service", last_name);
    let problem = at.get("problemClassificationId").read(
        faults,
        BAD_REQUEST,
        "the id of a problem classification",
        last_name,
    );
    let title = at.get("title").text(faults, "a title", TITLE_MAX);
    let description = at.get("description").prose(faults, "what the problem is", TEXT_MAX);
    let severity = at.get("severity").read(faults, BAD_REQUEST, SEVERITIES, severity);
    let consent = at.get("advancedDiagnosticConsent");
    let consent = consent.read(faults, BAD_REQUEST, "`Yes` or `No`", yes_or_no);
    let contact = at
        .get("contactDetails")
        .object(faults, "an object that says whom to answer")
        .and_then(|contact| read_contact(&contact, faults));
    let technical =
        at.get("technicalTicketDetails").optional_object(faults, "an object with `resourceId`");
    let mut text = |name: &str, most: usize| {
        at.get(name).optional_text(faults, "text", most).map(str::to_owned)
    };
    let enrollment_id = text("enrollmentId", ID_MAX);
    let support_plan_id = text("supportPlanId", ID_MAX);
    let file_workspace_name = text("fileWorkspaceName", WORD_MAX);
    let questions = at.get("problemScopingQuestions");
    let problem_scoping_questions = questions
        .is_given()
        .then(|| questions.prose(faults, "answers to the questions", TEXT_MAX))
        .flatten();
    let technical_resource_id = technical
        .get("resourceId")
        .optional_text(faults, "the id of a resource", ID_MAX)
        .map(str::to_owned);
    let started = at.get("problemStartTime");
    let problem_start_time = started.read_optional(
        faults,
        BAD_REQUEST,
        "an instant such as `2026-05-04T12:00:00Z`",
        parse_instant,
    );
    let response = at.get("require24X7Response");
    let require_24x7_response = response.is_given().then(|| response.flag(faults));
    let quota = read_quota(&at.get("quotaTicketDetails"), faults);
    let secondary_consent = read_consents(&at.get("secondaryConsent"), faults);
    Some(Content {
        service: service?,
        problem: problem?,
        title: title?.to_owned(),
        description: description?,
        severity: severity?,
        advanced_diagnostic_consent: consent?,
        contact: contact?,
        require_24x7_response,
        problem_start_time,
        problem_scoping_questions,
        enrollment_id,
        support_plan_id,
        file_workspace_name,
        technical_resource_id,
        quota,
        secondary_consent,
    })
}

/// The last part of an id, which is a name; a bare name stands for itself.
fn last_name(id: &str) -> Option<String> {
    let last = id.trim_end_matches('/').rsplit('/').next()?;
    (!last.is_empty()).then(|| last.to_lowercase())
}

fn severity(word: &str) -> Option<Severity> {
    Severity::parse(&word.to_lowercase())
}

fn yes_or_no(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn word(flag: bool) -> &'static str {
    if flag { "Yes" } else { "No" }
}

fn method(word: &str) -> Option<ContactMethod> {
    ContactMethod::parse(&word.to_lowercase())
}

/// Reads whom support is to answer.
fn read_contact(at: &Member<'_>, faults: &mut Faults) -> Option<Contact> {
    let change = read_contact_change(at, faults);
    let mut need = |name: &str, given: Option<String>| {
        if given.is_none() && !at.get(name).is_filled() {
            at.get(name).refuse(faults, BAD_REQUEST, "is missing; it is needed to answer.");
        }
        given
    };
    let first_name = need("firstName", change.first_name);
    let last_name = need("lastName", change.last_name);
    let email = need("primaryEmailAddress", change.primary_email_address);
    let time_zone = need("preferredTimeZone", change.preferred_time_zone);
    let country = need("country", change.country);
    let language = need("preferredSupportLanguage", change.preferred_support_language);
    let wanted = "preferredContactMethod";
    if change.preferred_contact_method.is_none() && !at.get(wanted).is_filled() {
        let says = "is missing; give `email` or `phone`.";
        at.get(wanted).refuse(faults, BAD_REQUEST, says);
    }
    Some(Contact {
        first_name: first_name?,
        last_name: last_name?,
        preferred_contact_method: change.preferred_contact_method?,
        primary_email_address: email?,
        additional_email_addresses: change.additional_email_addresses.unwrap_or_default(),
        phone_number: change.phone_number,
        preferred_time_zone: time_zone?,
        country: country?,
        preferred_support_language: language?,
    })
}

/// Reads a contact by itself, for requests of our own.
///
/// # Errors
/// Every fault of its form.
pub fn parse_contact(at: &Value, path: &str) -> Result<Contact, Vec<Fault>> {
    let mut faults = Faults::default();
    let root = Member::root(at).get(path).object(&mut faults, "an object that says whom to answer");
    let contact = root.and_then(|at| read_contact(&at, &mut faults));
    faults.finish(contact)
}

fn read_contact_change(at: &Member<'_>, faults: &mut Faults) -> ContactChange {
    let mut text =
        |name: &str| at.get(name).optional_text(faults, "text", WORD_MAX).map(str::to_owned);
    let first_name = text("firstName");
    let last_name = text("lastName");
    let primary_email_address = text("primaryEmailAddress");
    let phone_number = text("phoneNumber");
    let preferred_time_zone = text("preferredTimeZone");
    let country = text("country");
    let preferred_support_language = text("preferredSupportLanguage");
    let wanted = "`email` or `phone`";
    let preferred_contact_method =
        at.get("preferredContactMethod").read_optional(faults, BAD_REQUEST, wanted, method);
    let copies = at.get("additionalEmailAddresses");
    let additional_email_addresses = copies.is_given().then(|| {
        let items = copies.list(faults, "a list of mail addresses", ITEMS_MAX);
        let mut all = Vec::with_capacity(items.len());
        for item in &items {
            all.extend(item.text(faults, "a mail address", WORD_MAX).map(str::to_owned));
        }
        all
    });
    ContactChange {
        first_name,
        last_name,
        preferred_contact_method,
        primary_email_address,
        additional_email_addresses,
        phone_number,
        preferred_time_zone,
        country,
        preferred_support_language,
    }
}

fn read_quota(at: &Member<'_>, faults: &mut Faults) -> Option<Quota> {
    if !at.is_given() {
        return None;
    }
    let at = at.object(faults, "an object with the limits that are to be raised")?;
    let mut text = |at: &Member<'_>, name: &str, most| {
        at.get(name).optional_text(faults, "text", most).map(str::to_owned)
    };
    let sub_type = text(&at, "quotaChangeRequestSubType", WORD_MAX);
    let version = text(&at, "quotaChangeRequestVersion", WORD_MAX);
    let items = at.get("quotaChangeRequests").list(faults, "a list of limits", ITEMS_MAX);
    let mut requests = Vec::with_capacity(items.len());
    for item in items {
        let region = item.get("region").optional_text(faults, "a region", WORD_MAX);
        let payload = item.get("payload").optional_text(faults, "the new limit", TEXT_MAX);
        let (region, payload) = (region.map(str::to_owned), payload.map(str::to_owned));
        requests.push(QuotaRequest { region, payload });
    }
    Some(Quota { sub_type, version, requests })
}

fn read_consents(at: &Member<'_>, faults: &mut Faults) -> Vec<Consent> {
    let items = at.list(faults, "a list of consents", ITEMS_MAX);
    let mut consents = Vec::with_capacity(items.len());
    for item in items {
        let given = item.get("userConsent").read(faults, BAD_REQUEST, "`Yes` or `No`", yes_or_no);
        let kind = item.get("type").text(faults, "the service that it is for", WORD_MAX);
        if let (Some(given), Some(kind)) = (given, kind) {
            consents.push(Consent { given, kind: kind.to_owned() });
        }
    }
    consents
}

/// Reads what is to be different about a ticket.
///
/// # Errors
/// Every fault of it, also that it says nothing.
pub fn parse_change(body: &Value) -> Result<Change, Vec<Fault>> {
    let mut faults = Faults::default();
    let root = Member::root(body).object(&mut faults, "an object with what is to be different");
    let change = root.map(|root| {
        let contact = root.get("contactDetails");
        let consents = root.get("secondaryConsent");
        let change = Change {
            severity: root.get("severity").read_optional(
                &mut faults,
                BAD_REQUEST,
                SEVERITIES,
                severity,
            ),
            status: root.get("status").read_optional(
                &mut faults,
                BAD_REQUEST,
                "`open` or `closed`",
                |word| Status::parse(&word.to_lowercase()),
            ),
            contact: match contact.is_given() {
                true => contact
                    .object(&mut faults, "an object that says whom to answer")
                    .map(|at| read_contact_change(&at, &mut faults))
                    .unwrap_or_default(),
                false => ContactChange::default(),
            },
            advanced_diagnostic_consent: root.get("advancedDiagnosticConsent").read_optional(
                &mut faults,
                BAD_REQUEST,
                "`Yes` or `No`",
                yes_or_no,
            ),
            secondary_consent: consents.is_given().then(|| read_consents(&consents, &mut faults)),
        };
        if faults.is_empty() && change == Change::default() {
            let says = "changes nothing; give `severity`, `status`, `contactDetails`, \
                        `advancedDiagnosticConsent` or `secondaryConsent`.";
            root.refuse(&mut faults, BAD_REQUEST, says);
        }
        change
    });
    faults.finish(change)
}

/// A ticket, as far as it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Ticket<'t> {
    pub subscription: Option<SubscriptionId>,
    pub name: &'t str,
    pub number: &'t str,
    pub status: Status,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    pub content: &'t Content,
}

/// The path of a ticket.
pub fn id(subscription: Option<SubscriptionId>, name: &str) -> String {
    format!("{}/supportTickets/{name}", provider(subscription))
}

/// A ticket as it is shown.
pub fn show(ticket: &Ticket<'_>) -> Value {
    let content = ticket.content;
    let minutes = content.severity.answer_minutes();
    let answer_by = ticket.created_at.saturating_add(SignedDuration::from_mins(minutes.into()));
    let (service, problem) = content
        .subject()
        .map_or(("", ""), |(service, problem)| (service.name.as_str(), problem.name.as_str()));
    let service_id = service_path(&content.service);
    let problem_id = format!("{service_id}/problemClassifications/{}", content.problem);
    let mut properties = json!({
        "supportTicketId": ticket.number,
        "description": content.description,
        "problemClassificationId": problem_id,
        "problemClassificationDisplayName": problem,
        "severity": content.severity.as_str(),
        "require24X7Response": content.require_24x7_response.unwrap_or(false),
        "advancedDiagnosticConsent": word(content.advanced_diagnostic_consent),
        "contactDetails": contact(&content.contact),
        "serviceLevelAgreement": {
            "startTime": instant(ticket.created_at),
            "expirationTime": instant(answer_by.unwrap_or(ticket.created_at)),
            "slaMinutes": minutes,
        },
        "supportEngineer": {},
        "title": content.title,
        "serviceId": service_id,
        "serviceDisplayName": service,
        "status": match ticket.status {
            Status::Open => "Open",
            Status::Closed => "Closed",
        },
        "createdDate": instant(ticket.created_at),
        "modifiedDate": instant(ticket.modified_at),
        "isTemporaryTicket": "No",
    });
    let optional = [
        ("problemScopingQuestions", &content.problem_scoping_questions),
        ("enrollmentId", &content.enrollment_id),
        ("supportPlanId", &content.support_plan_id),
        ("fileWorkspaceName", &content.file_workspace_name),
    ];
    for (name, text) in optional {
        if let Some(text) = text {
            properties[name] = json!(text);
        }
    }
    if let Some(started) = content.problem_start_time {
        properties["problemStartTime"] = instant(started);
    }
    if let Some(resource) = &content.technical_resource_id {
        properties["technicalTicketDetails"] = json!({ "resourceId": resource });
    }
    if let Some(wanted) = &content.quota {
        properties["quotaTicketDetails"] = quota(wanted);
    }
    if !content.secondary_consent.is_empty() {
        let consents = content.secondary_consent.iter();
        let show = |it: &Consent| json!({ "userConsent": word(it.given), "type": it.kind });
        properties["secondaryConsent"] = consents.map(show).collect();
    }
    json!({
        "id": id(ticket.subscription, ticket.name),
        "name": ticket.name,
        "type": "Microsoft.Support/supportTickets",
        "properties": properties,
    })
}

fn contact(contact: &Contact) -> Value {
    let mut shown = json!({
        "firstName": contact.first_name,
        "lastName": contact.last_name,
        "preferredContactMethod": contact.preferred_contact_method.as_str(),
        "primaryEmailAddress": contact.primary_email_address,
        "preferredTimeZone": contact.preferred_time_zone,
        "country": contact.country,
        "preferredSupportLanguage": contact.preferred_support_language,
    });
    if !contact.additional_email_addresses.is_empty() {
        shown["additionalEmailAddresses"] = json!(contact.additional_email_addresses);
    }
    if let Some(number) = &contact.phone_number {
        shown["phoneNumber"] = json!(number);
    }
    shown
}

fn quota(quota: &Quota) -> Value {
    let mut shown = json!({});
    let texts = [
        ("quotaChangeRequestSubType", &quota.sub_type),
        ("quotaChangeRequestVersion", &quota.version),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            shown[name] = json!(text);
        }
    }
    let requests = quota.requests.iter().map(|request| {
        let mut shown = json!({});
        for (name, text) in [("region", &request.region), ("payload", &request.payload)] {
            if let Some(text) = text {
                shown[name] = json!(text);
            }
        }
        shown
    });
    shown["quotaChangeRequests"] = requests.collect();
    shown
}
