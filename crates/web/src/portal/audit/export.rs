//! The audit as a file: with what seals it, so that it can be checked by itself.

use super::asked::Searched;
use super::seal::blocking;
use crate::api::audit::download;
use crate::portal::desk::{Asked, Desk};
use axum::response::Response;
use prorata_app::audit::export::{self, Wanted};
use prorata_app::audit::seal;

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    let answer = async {
        let as_table = query.one("format") != "jsonl";
        let (from, until) = Searched::read(&query).time();
        let call = desk.call();
        let tenant = Some(call.caller.tenant);
        desk.app().read_async(move |tx, app| export::begin(tx, app, &call)).await?;
        // What was answered before is part of what is exported.
        blocking(&desk, seal::run).await?;
        Ok(download(desk.app().clone(), Wanted { from, until, tenant }, as_table))
    };
    desk.settle(answer.await)
}
