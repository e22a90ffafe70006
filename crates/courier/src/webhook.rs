//! Webhooks: a signed CloudEvent by HTTPS.

use crate::signature::sign;
use crate::{BadSettings, Settings};
use jiff::Timestamp;
use prorata_app::deliveries::{Delivery, Outcome, Target};
use prorata_app::outbound::{Caller, Outbound};
use prorata_wire::cloud_event::{self, Event};
use std::time::Duration;

/// How long a receiver has for its answer, from the look-up of its name on.
const ANSWER_TIME: Duration = Duration::from_secs(15);

/// Bytes of an answer that are read; nothing in it matters.
const ANSWER_BYTES: u64 = 64 << 10;

pub(crate) struct Webhooks {
    caller: Caller,
}

impl Webhooks {
    pub fn new(settings: &Settings) -> Result<Webhooks, BadSettings> {
        let outbound = Outbound {
            inner: settings.inner,
            ca: settings.authority.clone(),
            time: ANSWER_TIME,
            bytes: ANSWER_BYTES,
        };
        let caller = outbound.caller().map_err(|error| BadSettings(error.to_string()))?;
        Ok(Webhooks { caller })
    }

    /// Sends one, once.
    pub fn send(&self, target: &Target, delivery: &Delivery) -> Outcome {
        let body = cloud_event::body(&Event {
            id: delivery.notification,
            at: delivery.at,
            tenant: delivery.tenant.0,
            kind: &delivery.kind,
            billing_account: &delivery.billing_account,
            target: &delivery.target,
            details: &delivery.doc,
        });
        let (id, seconds) = (delivery.notification.to_string(), Timestamp::now().as_second());
        let signed: Vec<String> = target
            .secrets
            .iter()
            .filter_map(|secret| sign(&secret.0, &id, seconds, body.as_bytes()))
            .collect();
        let headers = [
            ("content-type", cloud_event::CONTENT_TYPE),
            ("webhook-id", id.as_str()),
            ("webhook-timestamp", &seconds.to_string()),
            ("webhook-signature", &signed.join(" ")),
        ];
        match self.caller.post(&target.address, &headers, body.as_bytes()) {
            Ok(answer) => match answer.status {
                200..=299 => Outcome::Arrived,
                410 => Outcome::Gone,
                status => Outcome::failed(format!("the receiver answered {status}")),
            },
            Err(why) => Outcome::failed(why),
        }
    }
}
