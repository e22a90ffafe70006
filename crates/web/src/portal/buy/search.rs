//! Looking up what is sold.

use super::payer;
use super::scopes::ScopeChoice;
use crate::portal::desk::{Asked, Desk};
use crate::portal::form::{Fields, escaped};
use crate::portal::language::say;
use crate::portal::page::{self, Section, Shell};
use crate::portal::products::{self, Products, Search, Taking};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::{Error, purchase};
use prorata_domain::access::Action;
use prorata_domain::ids::SubscriptionId;

#[derive(Debug, Template)]
#[template(path = "buy.html")]
pub struct BuyPage {
    pub shell: Shell,
    /// Empty where the caller sees no subscription that could pay.
    pub payers: Vec<ScopeChoice>,
    pub products: Products,
}

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    desk.settle(page(&desk, &query).await)
}

async fn page(desk: &Desk, query: &Fields) -> Result<Response, Error> {
    let named = query.one("subscription");
    let product = query.one("product");
    if !product.is_empty() {
        let (product, payer) = (escaped(&product), escaped(&named));
        let to = format!("/buy/product?product={product}&subscription={payer}");
        return Ok(Redirect::to(&to).into_response());
    }
    let call = desk.call();
    let wanted = SubscriptionId::parse(&named);
    let (payers, paying) = desk
        .app()
        .read_async(move |tx, app| {
            let payers = purchase::payers(tx, app, &call)?;
            let payer = match wanted {
                Some(payer) => Some(payer),
                None => payer::likely(tx, &call, Action::Buy, &payers)?,
            };
            Ok((payers, payer))
        })
        .await?;
    let search = Search::read(query);
    let types = products::all_types(desk.app(), &search.kind);
    let address = match paying {
        Some(payer) => format!("/buy?subscription={payer}"),
        None => "/buy".to_owned(),
    };
    let taking = Taking::Address(address);
    let products = products::find(desk, paying, &search, types, &taking, |_| None).await?;
    let page = BuyPage {
        shell: desk.shell(say("buy-search-title"), Section::Buy),
        payers: payer::choices(&payers, paying),
        products,
    };
    Ok(page::answer(StatusCode::OK, &page))
}
