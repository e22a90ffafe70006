//! The desk's jobs: what is due, what runs, what was given up and why.

use super::{Area, Frame, require, tabbed};
use crate::portal::desk::{Asked, Desk, Posted};
use crate::portal::language::{say, say_if_known, say_with};
use crate::portal::page::{self, Shell};
use crate::portal::words::{Moment, Said};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::administration::jobs::{self, Shown, State};
use prorata_app::worker;
use uuid::Uuid;

/// Jobs of each kind that are shown.
const SHOWN: usize = 100;

#[derive(Debug, Template)]
#[template(path = "administration_jobs.html")]
pub struct JobsPage {
    pub shell: Shell,
    pub frame: Frame,
    pub parked: Vec<JobRow>,
    pub waiting: Vec<JobRow>,
    pub parked_total: Said,
    pub waiting_total: Said,
    /// Something runs or is due: the page is brought up to date by itself.
    pub moves: bool,
}

impl JobsPage {
    /// Whether something that will be tried again failed before.
    pub fn is_troubled(&self) -> bool {
        self.waiting.iter().any(|row| !row.trouble.is_empty())
    }
}

#[derive(Debug)]
pub struct JobRow {
    pub id: String,
    pub kind: String,
    pub about: String,
    pub due: Moment,
    pub attempts: Said,
    pub state: Said,
    pub class: &'static str,
    pub trouble: String,
}

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    let answered = async {
        let (shell, frame) = tabbed(&desk, Area::Jobs)?;
        let notice = match query.one("done").as_str() {
            "again" => Some(say("admin-done-job")),
            "none" => Some(say("admin-done-no-job")),
            _ => None,
        };
        let call = desk.call();
        let found = desk.app().read_async(move |tx, app| jobs::list(tx, app, &call, SHOWN)).await?;
        let moving = |row: &Shown| matches!(row.state, State::Running | State::Due);
        let page = JobsPage {
            shell,
            frame: Frame { notice, ..frame },
            moves: found.waiting.iter().any(moving),
            parked: found.parked.into_iter().map(row).collect(),
            waiting: found.waiting.into_iter().map(row).collect(),
            parked_total: say_with("admin-jobs-parked", [("count", found.parked_total.into())]),
            waiting_total: say_with("admin-jobs-waiting", [("count", found.waiting_total.into())]),
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answered.await)
}

fn row(shown: Shown) -> JobRow {
    let (state, class) = match shown.state {
        State::Parked => (say("admin-job-parked"), "not-met"),
        State::Running => (say("admin-job-running"), "met"),
        State::Due => (say("admin-job-due"), "soon"),
        State::Waiting => (say("admin-job-waiting"), "not-concerned"),
    };
    JobRow {
        id: shown.id.to_string(),
        kind: say_if_known(&format!("admin-job-of-{}", shown.kind))
            .map_or_else(|| shown.kind.clone(), Said::into_owned),
        about: about(&shown.payload),
        due: Moment(shown.due_at),
        attempts: say_with("admin-attempts", [("count", shown.attempts.into())]),
        state,
        class,
        trouble: shown.trouble.unwrap_or_default(),
    }
}

/// What a job is about: the order, request or the like that its payload names.
fn about(payload: &str) -> String {
    let read: serde_json::Value = serde_json::from_str(payload).unwrap_or_default();
    let named = ["order", "request", "plan", "reservation"].into_iter();
    let mut named = named.filter_map(|name| read.get(name).and_then(serde_json::Value::as_str));
    named.next().unwrap_or_default().to_owned()
}

pub async fn submit(Posted { desk, fields }: Posted) -> Response {
    let answered = async {
        require(&desk, Area::Jobs)?;
        let id = Uuid::try_parse(&fields.one("job")).unwrap_or_default();
        let call = desk.call();
        let again = desk.app().write_async(move |tx, _| jobs::retry(tx, &call, id)).await?;
        let app = desk.app().clone();
        // In a sandbox nobody else runs it.
        let settled = tokio::task::spawn_blocking(move || worker::settle(&app)).await;
        settled.unwrap_or_else(|error| Err(prorata_app::Error::Broken(error.to_string())))?;
        let done = if again { "again" } else { "none" };
        Ok(Redirect::to(&format!("{}?done={done}", Area::Jobs.path())).into_response())
    };
    desk.settle(answered.await)
}

#[cfg(test)]
mod tests {
    use super::about;

    #[test]
    fn what_a_job_is_about_is_found_in_its_payload() {
        assert_eq!(about(r#"{"tenant":"t","order":"o"}"#), "o");
        assert_eq!(about("not json"), "");
        assert_eq!(about("{}"), "");
    }
}
