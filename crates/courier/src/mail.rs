//! Mail, by SMTP.

use crate::message;
use crate::{BadSettings, Settings};
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Mailboxes, MessageBuilder};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};
use prorata_app::deliveries::{Delivery, Outcome, Target};
use std::time::Duration;

/// How long the mail server has for each answer.
const ANSWER_TIME: Duration = Duration::from_secs(15);

pub(crate) struct Mail {
    from: Mailbox,
    server: SmtpTransport,
}

impl Mail {
    /// None where no server is set.
    pub fn new(settings: &Settings) -> Result<Option<Mail>, BadSettings> {
        let Some(url) = &settings.smtp else { return Ok(None) };
        // The URL may hold a password, so no error may show it.
        let wrong = |_| BadSettings("the mail server's URL cannot be used".to_owned());
        let mut server = SmtpTransport::from_url(url).map_err(wrong)?.timeout(Some(ANSWER_TIME));
        if let (Some(pem), Some(host)) = (&settings.authority, host(url)) {
            let unreadable = |error| BadSettings(format!("the authority cannot be read: {error}"));
            let certificate = Certificate::from_pem(pem.as_bytes()).map_err(unreadable)?;
            let parameters = TlsParameters::builder(host)
                .add_root_certificate(certificate)
                .build()
                .map_err(unreadable)?;
            if url.starts_with("smtps:") {
                server = server.tls(Tls::Wrapper(parameters));
            } else if url.contains("tls=required") {
                server = server.tls(Tls::Required(parameters));
            }
        }
        let from = settings.mail_from.as_deref().ok_or_else(|| {
            BadSettings("mail needs a sender: set who it is from as well".to_owned())
        })?;
        let from = from
            .parse()
            .map_err(|error| BadSettings(format!("`{from}` is no address of mail: {error}")))?;
        Ok(Some(Mail { from, server: server.build() }))
    }

    /// Sends one, once.
    pub fn send(&self, target: &Target, delivery: &Delivery) -> Outcome {
        let mail = match self.compose(target, delivery) {
            Ok(mail) => mail,
            Err(why) => return Outcome::failed(why),
        };
        match self.server.send(&mail) {
            Ok(_) => Outcome::Arrived,
            Err(error) => Outcome::failed(error.to_string()),
        }
    }

    fn compose(&self, target: &Target, delivery: &Delivery) -> Result<Message, String> {
        let to: Mailboxes = target.address.parse().map_err(|error| format!("{error}"))?;
        let text = message::of(delivery);
        let start: MessageBuilder = Message::builder();
        // The same id at each try, so that a mail box can tell that it has it.
        let id = format!("<{}.{}@prorata>", delivery.notification, target.receiver);
        to.into_iter()
            .fold(start, |mail, one| mail.to(one))
            .from(self.from.clone())
            .message_id(Some(id))
            .subject(text.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text.body)
            .map_err(|error| error.to_string())
    }
}

/// The host in a URL of a mail server.
fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split(['/', '?']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next().filter(|host| !host.is_empty())?;
    Some(host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_found_in_a_url() {
        for url in ["smtps://u:p@mail.example:465", "smtp://mail.example?tls=required"] {
            assert_eq!(host(url).as_deref(), Some("mail.example"), "{url}");
        }
        assert_eq!(host("mail.example"), None);
    }

    #[test]
    fn bad_settings_are_told_without_the_password() {
        let wrong = |smtp: &str, from: Option<&str>| {
            let settings = Settings {
                smtp: Some(smtp.to_owned()),
                mail_from: from.map(str::to_owned),
                ..Settings::default()
            };
            Mail::new(&settings).err().map(|error| error.to_string())
        };
        let told = wrong("gopher://user:geheim@mail.example", Some("a@b.example")).unwrap();
        assert!(!told.contains("geheim"), "{told}");
        assert!(wrong("smtp://mail.example", None).unwrap().contains("sender"));
        assert!(wrong("smtp://mail.example", Some("nobody")).unwrap().contains("nobody"));
        assert_eq!(wrong("smtp://mail.example", Some("Desk <desk@b.example>")), None);
    }
}
