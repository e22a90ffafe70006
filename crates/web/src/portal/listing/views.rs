//! Views of the list that somebody keeps under a name, above the list.

use super::asked::at;
use super::{Wish, listing};
use crate::portal::desk::Posted;
use crate::portal::form::Fields;
use crate::portal::language::{say, say_with};
use crate::portal::words::Said;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::Error;
use prorata_app::listing::views::{self, NAME_MAX, SavedView};
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct Views {
    pub kept: Vec<Kept>,
    /// What a new one is kept as.
    pub id: String,
    /// What is kept: the query of this list.
    pub query: String,
    pub name: String,
    pub fault: Option<Said>,
}

#[derive(Debug, Clone)]
pub struct Kept {
    pub id: String,
    pub name: String,
    pub href: String,
    pub current: bool,
    /// What the button says that forgets it.
    pub forget: String,
}

/// A name as it was typed, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub name: String,
    pub fault: Option<Said>,
}

impl Views {
    pub fn new(kept: Vec<SavedView>, wish: &Wish, typed: Typed) -> Views {
        let query = wish.query();
        let kept = kept.into_iter().map(|view| Kept {
            id: view.id.to_string(),
            href: at("/reservations", &view.query),
            current: view.query == query,
            forget: say_with("views-forget", [("name", view.name.clone().into())]).into_owned(),
            name: view.name,
        });
        Views {
            kept: kept.collect(),
            id: Uuid::now_v7().to_string(),
            query,
            name: typed.name,
            fault: typed.fault,
        }
    }
}

/// Keeps or forgets a view, and shows the list again.
pub async fn submit(posted: Posted) -> Response {
    let done = submitted(&posted).await;
    posted.desk.settle(done)
}

async fn submitted(Posted { desk, fields }: &Posted) -> Result<Response, Error> {
    let call = desk.call();
    // The query is read and written anew, so that nothing else is ever kept.
    let wish = Wish::read(&read(&fields.text("query")));
    let absent = || Error::malformed("id", "is not one that a page gave");
    let id = |name: &str| Uuid::try_parse(&fields.one(name)).map_err(|_| absent());
    if fields.has("forget") {
        let id = id("forget")?;
        desk.app().deed_async(move |tx, app| views::forget(tx, app, &call, id)).await?;
        return Ok(Redirect::to(&wish.href()).into_response());
    }
    let name = fields.one("name");
    if !(1..=NAME_MAX).contains(&name.chars().count()) {
        let fault = say_with("views-name-fault", [("count", NAME_MAX.into())]);
        let typed = Typed { name, fault: Some(fault) };
        return listing(desk, &wish, super::From::Start, typed).await;
    }
    let view = SavedView { id: id("id")?, name: name.clone(), query: wish.query() };
    let kept = desk.app().deed_async(move |tx, app| views::keep(tx, app, &call, &view)).await;
    match kept {
        Ok(()) => Ok(Redirect::to(&wish.href()).into_response()),
        Err(Error::Malformed(_)) => {
            let typed = Typed { name, fault: Some(say("views-too-many")) };
            listing(desk, &wish, super::From::Start, typed).await
        }
        Err(error) => Err(error),
    }
}

/// The fields of a query that a form brought.
fn read(query: &str) -> Fields {
    let address = format!("/?{query}").parse().unwrap_or_default();
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&address);
    Fields::new(pairs.map(|found| found.0).unwrap_or_default())
}
