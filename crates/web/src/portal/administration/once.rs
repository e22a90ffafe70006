//! What is shown once: an invitation, a secret. It is in the answer to the form that made it, and
//! nowhere else; the same form again, as a double click sends it, gets the same answer for a while.

use super::Frame;
use crate::portal::desk::Desk;
use crate::portal::form::Fields;
use crate::portal::language::{speaking, spoken};
use crate::portal::page::{self, Shell};
use crate::portal::words::Said;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::Error;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long the same form gets the same answer.
const KEPT_FOR: Duration = Duration::from_secs(180);

/// How often a form that is under way is looked after.
const LOOKED_AFTER: Duration = Duration::from_millis(20);

/// Answers that are kept at once; the oldest go first.
const KEPT_MAX: usize = 256;

/// Something that is shown once.
#[derive(Debug, Template)]
#[template(path = "administration_secret.html")]
pub struct SecretPage {
    pub shell: Shell,
    pub frame: Frame,
    pub heading: Said,
    pub lead: Said,
    pub label: Said,
    pub value: String,
    pub facts: Vec<(Said, String)>,
    pub back: String,
}

/// What was made and how it is told, but for the shell.
#[derive(Clone)]
pub struct Made {
    pub title: String,
    pub heading: Said,
    pub lead: Said,
    pub label: Said,
    pub value: String,
    pub facts: Vec<(Said, String)>,
    pub back: String,
}

struct Kept {
    session: Uuid,
    form: Uuid,
    at: Instant,
    /// Nothing while it is being made.
    made: Option<Made>,
}

/// What was made a moment ago, by session and form.
#[derive(Default)]
pub struct Once(Mutex<VecDeque<Kept>>);

/// What is known of a form.
enum Known {
    /// It is new, and taken up now.
    New,
    /// Another request with it is under way.
    UnderWay,
    Made(Box<Made>),
}

/// The id that a form was shown with.
pub fn form_id(fields: &Fields) -> Uuid {
    Uuid::try_parse(&fields.one("id")).unwrap_or_else(|_| Uuid::new_v4())
}

impl Once {
    /// Takes a form up, unless it was sent before.
    fn take_up(&self, session: Uuid, form: Uuid) -> Known {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| kept.at.elapsed() < KEPT_FOR);
        match kept.iter().find(|kept| kept.session == session && kept.form == form) {
            Some(Kept { made: Some(made), .. }) => return Known::Made(Box::new(made.clone())),
            Some(_) => return Known::UnderWay,
            None => {}
        }
        while kept.len() >= KEPT_MAX {
            kept.pop_front();
        }
        kept.push_back(Kept { session, form, at: Instant::now(), made: None });
        Known::New
    }

    /// Keeps what came of a form; a form that came to nothing may be sent again.
    fn settle(&self, session: Uuid, form: Uuid, made: Option<&Made>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match made {
            None => kept.retain(|kept| kept.session != session || kept.form != form),
            Some(made) => {
                let found =
                    kept.iter_mut().find(|kept| kept.session == session && kept.form == form);
                if let Some(found) = found {
                    found.made = Some(made.clone());
                }
            }
        }
    }
}

/// What came of a form with this id: of what it asks for now, which is done to its end also when
/// whoever sent it waits no longer, or of the same form before. Nothing where nothing is shown.
///
/// # Errors
/// Those of the work.
pub async fn made<F>(
    desk: &Desk,
    form: Uuid,
    work: impl FnOnce(Desk) -> F,
) -> Result<Option<Made>, Error>
where
    F: Future<Output = Result<Option<Made>, Error>> + Send + 'static,
{
    let session = desk.session.id;
    loop {
        match desk.portal.once.take_up(session, form) {
            Known::Made(made) => return Ok(Some(*made)),
            // A double click: its second half is the one that is shown.
            Known::UnderWay => tokio::time::sleep(LOOKED_AFTER).await,
            Known::New => break,
        }
    }
    let (portal, work) = (desk.portal.clone(), work(desk.clone()));
    let deed = tokio::spawn(speaking(spoken(), async move {
        let made = work.await;
        portal.once.settle(session, form, made.as_ref().ok().and_then(Option::as_ref));
        made
    }));
    deed.await.unwrap_or_else(|error| {
        desk.portal.once.settle(session, form, None);
        Err(Error::Broken(format!("what is shown once was not made: {error}")))
    })
}

/// The page that shows it.
pub fn answer(desk: &Desk, area: super::Area, made: Made) -> Result<Response, Error> {
    let (shell, frame) = super::below(desk, area, made.title)?;
    let Made { heading, lead, label, value, facts, back, .. } = made;
    let page = SecretPage { shell, frame, heading, lead, label, value, facts, back };
    Ok(page::answer(StatusCode::OK, &page))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> Made {
        Made {
            title: String::new(),
            heading: "".into(),
            lead: "".into(),
            label: "".into(),
            value: "secret".to_owned(),
            facts: Vec::new(),
            back: String::new(),
        }
    }

    #[test]
    fn a_form_does_its_work_once_and_is_answered_the_same() {
        let (once, session, form) = (Once::default(), Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(matches!(once.take_up(session, form), Known::New));
        assert!(matches!(once.take_up(session, form), Known::UnderWay));
        once.settle(session, form, Some(&made()));
        let Known::Made(again) = once.take_up(session, form) else { panic!("not kept") };
        assert_eq!(again.value, "secret");
        // Nobody else gets it, whatever form they name.
        assert!(matches!(once.take_up(Uuid::from_u128(3), form), Known::New));
    }

    #[test]
    fn what_came_to_nothing_may_be_sent_again_and_the_oldest_go() {
        let (once, session) = (Once::default(), Uuid::from_u128(1));
        let form = Uuid::from_u128(2);
        once.take_up(session, form);
        once.settle(session, form, None);
        assert!(matches!(once.take_up(session, form), Known::New));
        for other in 0..KEPT_MAX as u128 {
            once.take_up(session, Uuid::from_u128(100 + other));
        }
        assert!(once.0.lock().unwrap().len() <= KEPT_MAX);
        assert!(matches!(once.take_up(session, form), Known::New), "the oldest is forgotten");
    }
}
