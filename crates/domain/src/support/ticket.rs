//! What a ticket says.

use super::contact::is_address;
use super::{Contact, ContactMethod, Problem, Service, Severity, Status, Wrong, service, services};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most letters of a title.
pub const TITLE_MAX: usize = 256;
/// The most letters of a description, and of answers to scoping questions.
pub const TEXT_MAX: usize = 32_000;
/// The most letters of an identifier.
pub const ID_MAX: usize = 1_024;

/// What is asked, by whom and how urgent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// The names of a service and of a problem with it.
    pub service: String,
    pub problem: String,
    pub title: String,
    pub description: String,
    pub severity: Severity,
    pub advanced_diagnostic_consent: bool,
    pub contact: Contact,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub require_24x7_response: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem_start_time: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem_scoping_questions: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrollment_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support_plan_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_workspace_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technical_resource_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secondary_consent: Vec<Consent>,
}

/// Which limits are to be raised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quota {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<QuotaRequest>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuotaRequest {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
}

/// A consent of its own that some problems need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Consent {
    pub given: bool,
    pub kind: String,
}

/// What is to be different about a ticket; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    pub severity: Option<Severity>,
    pub status: Option<Status>,
    pub contact: ContactChange,
    pub advanced_diagnostic_consent: Option<bool>,
    pub secondary_consent: Option<Vec<Consent>>,
}

/// What is to be different about a contact; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactChange {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub preferred_contact_method: Option<ContactMethod>,
    pub primary_email_address: Option<String>,
    pub additional_email_addresses: Option<Vec<String>>,
    pub phone_number: Option<String>,
    pub preferred_time_zone: Option<String>,
    pub country: Option<String>,
    pub preferred_support_language: Option<String>,
}

impl Change {
    /// The content with the change made.
    pub fn of(&self, content: &Content) -> Content {
        let mut changed = content.clone();
        fn set<T: Clone>(to: &mut T, from: &Option<T>) {
            if let Some(value) = from {
                to.clone_from(value);
            }
        }
        set(&mut changed.severity, &self.severity);
        set(&mut changed.advanced_diagnostic_consent, &self.advanced_diagnostic_consent);
        set(&mut changed.secondary_consent, &self.secondary_consent);
        let (contact, new) = (&mut changed.contact, &self.contact);
        set(&mut contact.first_name, &new.first_name);
        set(&mut contact.last_name, &new.last_name);
        set(&mut contact.preferred_contact_method, &new.preferred_contact_method);
        set(&mut contact.primary_email_address, &new.primary_email_address);
        set(&mut contact.additional_email_addresses, &new.additional_email_addresses);
        if new.phone_number.is_some() {
            contact.phone_number.clone_from(&new.phone_number);
        }
        set(&mut contact.preferred_time_zone, &new.preferred_time_zone);
        set(&mut contact.country, &new.country);
        set(&mut contact.preferred_support_language, &new.preferred_support_language);
        changed
    }
}

impl Content {
    /// Everything that is wrong with it, in the order of the fields.
    pub fn faults(&self) -> Vec<Wrong> {
        let mut faults = Vec::new();
        let mut add = |field: &str, message: String| {
            faults.push(Wrong { field: field.to_owned(), message });
        };
        match service(&self.service) {
            None => add(
                "serviceId",
                format!(
                    "names no service; list them at /providers/Microsoft.Support/services, \
                         such as {}",
                    known()
                ),
            ),
            Some(service) if service.problem(&self.problem).is_none() => add(
                "problemClassificationId",
                format!(
                    "names no problem of {}; list them at /providers/Microsoft.Support/\
                         services/{}/problemClassifications",
                    service.name, service.id
                ),
            ),
            Some(_) => {}
        }
        let texts = [
            ("title", Some(&self.title), 1, TITLE_MAX),
            ("description", Some(&self.description), 1, TEXT_MAX),
            ("problemScopingQuestions", self.problem_scoping_questions.as_ref(), 0, TEXT_MAX),
            ("enrollmentId", self.enrollment_id.as_ref(), 0, ID_MAX),
            ("supportPlanId", self.support_plan_id.as_ref(), 0, ID_MAX),
            ("technicalTicketDetails.resourceId", self.technical_resource_id.as_ref(), 0, ID_MAX),
        ];
        for (field, text, least, most) in texts {
            let Some(text) = text else { continue };
            let letters = text.chars().count();
            if letters > most || text.trim().chars().count() < least {
                add(field, format!("must have {least} to {most} letters"));
            }
        }
        let within =
            |wrong: Wrong| Wrong { field: format!("contactDetails.{}", wrong.field), ..wrong };
        faults.extend(self.contact.faults().into_iter().map(within));
        faults
    }

    /// The service and the problem that it is about.
    pub fn subject(&self) -> Option<(&'static Service, &'static Problem)> {
        let service = service(&self.service)?;
        Some((service, service.problem(&self.problem)?))
    }
}

fn known() -> String {
    let names: Vec<_> = services().iter().map(|it| format!("`{}` ({})", it.id, it.name)).collect();
    names.join(", ")
}

/// What somebody says about a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    pub subject: String,
    pub body: String,
    /// A mail address; needed from a program.
    pub sender: Option<String>,
}

impl Message {
    /// Everything that is wrong with it.
    pub fn faults(&self) -> Vec<Wrong> {
        let mut faults = Vec::new();
        for (field, text, most) in
            [("subject", &self.subject, TITLE_MAX), ("body", &self.body, TEXT_MAX)]
        {
            if text.trim().is_empty() || text.chars().count() > most {
                let message = format!("must have 1 to {most} letters");
                faults.push(Wrong { field: field.to_owned(), message });
            }
        }
        if self.sender.as_ref().is_some_and(|sender| !is_address(sender)) {
            let message = "is no mail address; give one such as `name@example.com`".to_owned();
            faults.push(Wrong { field: "sender".to_owned(), message });
        }
        faults
    }
}
