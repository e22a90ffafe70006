//! Whom support answers, and how: what is wrong with it, all at once.

use super::{countries, languages, time_zones};
use crate::policy::words::words;
use serde::{Deserialize, Serialize};

words! {
    /// How somebody wants to be answered.
    ContactMethod {
        Email = "email",
        Phone = "phone",
    }
}

/// Whom support answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    pub first_name: String,
    pub last_name: String,
    pub preferred_contact_method: ContactMethod,
    pub primary_email_address: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional_email_addresses: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    pub preferred_time_zone: String,
    pub country: String,
    pub preferred_support_language: String,
}

/// Something wrong with a field, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field's name on the interface.
    pub field: String,
    pub message: String,
}

/// Letters of a name.
const NAME_MAX: usize = 64;
/// Letters of an address; what mail allows.
const EMAIL_MAX: usize = 254;
/// Addresses that get copies.
const COPIES_MAX: usize = 20;
/// Digits of a phone number, with the country's; what the telephone network allows.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 4..=15;

impl Contact {
    /// Everything that is wrong with it, in the order of the fields.
    pub fn faults(&self) -> Vec<Wrong> {
        let mut wrong = Faults::default();
        wrong.name("firstName", &self.first_name);
        wrong.name("lastName", &self.last_name);
        wrong.email("primaryEmailAddress", &self.primary_email_address);
        for (index, copy) in self.additional_email_addresses.iter().enumerate() {
            wrong.email(&format!("additionalEmailAddresses[{index}]"), copy);
        }
        if self.additional_email_addresses.len() > COPIES_MAX {
            let most = format!("has more than {COPIES_MAX} addresses; name fewer");
            wrong.add("additionalEmailAddresses", most);
        }
        wrong.phone(self.preferred_contact_method, self.phone_number.as_deref());
        wrong.one_of("preferredTimeZone", &self.preferred_time_zone, time_zones(), || {
            "is no time zone that is known; give a name such as `Pacific Standard Time` or `UTC`"
                .to_owned()
        });
        wrong.one_of("country", &self.country, countries(), || {
            "is not the three letters of a country (ISO 3166-1); give some such as `USA`".to_owned()
        });
        wrong.one_of(
            "preferredSupportLanguage",
            &self.preferred_support_language,
            languages(),
            || {
                format!(
                    "is no language that support answers in; give one of {}",
                    languages().join(", ")
                )
            },
        );
        wrong.0
    }
}

#[derive(Default)]
struct Faults(Vec<Wrong>);

impl Faults {
    fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(Wrong { field: field.to_owned(), message: message.into() });
    }

    fn name(&mut self, field: &str, name: &str) {
        let letters = name.trim().chars().count();
        if letters == 0 || letters > NAME_MAX || name.chars().any(char::is_control) {
            self.add(field, format!("must have 1 to {NAME_MAX} letters"));
        }
    }

    fn email(&mut self, field: &str, address: &str) {
        if !is_address(address) {
            self.add(field, "is no mail address; give one such as `name@example.com`");
        }
    }

    fn phone(&mut self, method: ContactMethod, number: Option<&str>) {
        let field = "phoneNumber";
        match number.map(str::trim).filter(|number| !number.is_empty()) {
            None if method == ContactMethod::Phone => {
                self.add(field, "is needed where `preferredContactMethod` is `phone`");
            }
            Some(number) if !is_number(number) => {
                let (least, most) = (PHONE_DIGITS.start(), PHONE_DIGITS.end());
                let wanted = format!(
                    "must have {least} to {most} digits; `+`, spaces, `-`, `.` and parentheses may \
                     stand between them"
                );
                self.add(field, wanted);
            }
            _ => {}
        }
    }

    fn one_of(
        &mut self,
        field: &str,
        given: &str,
        known: &[String],
        message: impl FnOnce() -> String,
    ) {
        if !known.iter().any(|one| one.eq_ignore_ascii_case(given)) {
            self.add(field, message());
        }
    }
}

/// Whether a text has the shape of a mail address. Whether anybody reads there only a mail tells.
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>(),;:\\\"[]@".contains(&byte))
    };
    let label = |label: &str| {
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.len() <= 63
    };
    text.len() <= EMAIL_MAX
        && !local.is_empty()
        && plain(local)
        && plain(domain)
        && domain.contains('.')
        && domain.split('.').all(label)
}

fn is_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    PHONE_DIGITS.contains(&digits)
        && rest.bytes().all(|byte| byte.is_ascii_digit() || b" -.()".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact() -> Contact {
        Contact {
            first_name: "Ada".into(),
            last_name: "Byron".into(),
            preferred_contact_method: ContactMethod::Email,
            primary_email_address: "ada@example.com".into(),
            additional_email_addresses: Vec::new(),
            phone_number: None,
            preferred_time_zone: "pacific standard time".into(),
            country: "usa".into(),
            preferred_support_language: "en-US".into(),
        }
    }

    fn fields(contact: &Contact) -> Vec<String> {
        contact.faults().into_iter().map(|wrong| wrong.field).collect()
    }

    #[test]
    fn a_whole_contact_has_no_fault() {
        assert_eq!(fields(&contact()), [""; 0]);
        let by_phone = Contact {
            preferred_contact_method: ContactMethod::Phone,
            phone_number: Some("+1 (425) 555-0100".into()),
            ..contact()
        };
        assert_eq!(fields(&by_phone), [""; 0]);
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let wrong = Contact {
            first_name: " ".into(),
            last_name: "x".repeat(65),
            preferred_contact_method: ContactMethod::Phone,
            primary_email_address: "nobody".into(),
            additional_email_addresses: vec!["b@c.d".into(), "a b@c.d".into()],
            phone_number: None,
            preferred_time_zone: "Mars".into(),
            country: "US".into(),
            preferred_support_language: "tlh".into(),
        };
        let expected = [
            "firstName",
            "lastName",
            "primaryEmailAddress",
            "additionalEmailAddresses[1]",
            "phoneNumber",
            "preferredTimeZone",
            "country",
            "preferredSupportLanguage",
        ];
        assert_eq!(fields(&wrong), expected);
    }

    #[test]
    fn addresses_and_numbers_that_cannot_be() {
        for address in ["", "@", "a@", "@b.c", "a@b", "a@b..c", "a@-b.c", "a\n@b.c", "a<b@c.d"] {
            assert!(!is_address(address), "{address:?}");
        }
        for number in ["123", "1234567890123456", "call me", "+49+1234", "12 34;56"] {
            assert!(!is_number(number), "{number:?}");
        }
        assert!(is_number("0123") && is_address("first.last+tag@mail.example.com"));
    }
}
