//! What seals the audit: the end of the chain, and whether every row under it is as it was sealed.

use crate::portal::desk::{Asked, Desk};
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Crumb, Section, Shell};
use crate::portal::words::{Moment, Said, count};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::audit::{seal, search};
use prorata_app::verify::{self, Report};
use prorata_app::{App, Error};
use std::sync::Mutex;
use std::sync::TryLockError;

/// Checking reads every row that was ever sealed, so it is done for one at a time.
static CHECKING: Mutex<()> = Mutex::new(());

#[derive(Debug, Template)]
#[template(path = "audit_seal.html")]
pub struct SealPage {
    pub shell: Shell,
    pub crumbs: Vec<Crumb>,
    /// The last seal: its number, when it was made, its digest and the same signed. Nothing where
    /// nothing was sealed yet.
    pub head: Option<Head>,
    /// What checking came to; nothing before it was asked for.
    pub checked: Option<Checked>,
}

#[derive(Debug, Clone)]
pub struct Head {
    pub number: String,
    pub at: Moment,
    pub digest: String,
    pub signed: String,
}

/// What checking the chain came to.
#[derive(Debug, Clone)]
pub struct Checked {
    pub whole: bool,
    pub told: Said,
    /// The first row that is not as it was sealed: the law, the row, and what is wrong with it.
    pub broken: Option<(String, String, String)>,
}

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    let answer = async {
        let call = desk.call();
        desk.app().read_async(move |tx, _| search::may_read(tx, &call)).await?;
        let head = blocking(&desk, seal::head).await?;
        let checked = match query.has("check") {
            true => Some(checked(&blocking(&desk, check).await?)),
            false => None,
        };
        let crumb = Crumb { label: say("audit-title").into_owned(), href: "/audit".to_owned() };
        let page = SealPage {
            shell: desk.shell(say("audit-seal-title"), Section::Audit),
            crumbs: vec![crumb],
            head: head.map(|head| Head {
                number: count(head.seal.number),
                at: Moment(head.seal.at),
                digest: head.seal.digest.clone(),
                signed: head.signed,
            }),
            checked,
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answer.await)
}

fn check(app: &App) -> Result<Report, Error> {
    let _turn = match CHECKING.try_lock() {
        Ok(turn) => turn,
        // Who panicked while checking has left nothing behind.
        Err(TryLockError::Poisoned(turn)) => turn.into_inner(),
        Err(TryLockError::WouldBlock) => {
            return Err(Error::Busy("the chain is being checked for somebody else".to_owned()));
        }
    };
    verify::chain(app, None)
}

fn checked(report: &Report) -> Checked {
    let seals = i64::try_from(report.seals).unwrap_or(i64::MAX);
    let values = [("seals", seals.into()), ("rows", report.sealed_rows.into())];
    Checked {
        whole: report.broken.is_none(),
        told: match report.broken {
            None => say_with("audit-seal-whole", values),
            Some(_) => say_with("audit-seal-broken", values),
        },
        broken: report
            .broken
            .as_ref()
            .map(|broken| (broken.law.to_owned(), broken.row.clone(), broken.what.clone())),
    }
}

/// Runs what blocks beside the tasks that answer.
pub async fn blocking<T: Send + 'static>(
    desk: &Desk,
    run: impl FnOnce(&App) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let app = desk.app().clone();
    let done = tokio::task::spawn_blocking(move || run(&app)).await;
    done.unwrap_or_else(|error| Err(Error::Broken(error.to_string())))
}
