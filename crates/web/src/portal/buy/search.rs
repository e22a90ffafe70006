//! Looking up what is sold.

use super::{ScopeChoice, payer_label};
use crate::portal::desk::{Asked, Desk};
use crate::portal::form::{Fields, escaped};
use crate::portal::language::say;
use crate::portal::page::{self, Section, Shell};
use crate::portal::products::{self, Products, Search, Taking};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::{Error, purchase};
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
    let (payers, payer) = desk
        .app()
        .read_async(move |tx, app| {
            let payers = purchase::payers(tx, app, &call)?;
            let payer = match wanted {
                Some(payer) => Some(payer),
                None => super::product::likely(tx, &call, &payers)?,
            };
            Ok((payers, payer))
        })
        .await?;
    let search = Search::read(query);
    let types = products::all_types(desk.app(), &search.kind);
    let address = match payer {
        Some(payer) => format!("/buy?subscription={payer}"),
        None => "/buy".to_owned(),
    };
    let taking = Taking::Address(address);
    let products = products::find(desk, payer, &search, types, &taking, |_| None).await?;
    let choice = |of: &purchase::Payer| ScopeChoice {
        value: of.subscription.id.to_string(),
        label: payer_label(of),
        chosen: Some(of.subscription.id) == payer,
    };
    let page = BuyPage {
        shell: desk.shell(say("buy-search-title"), Section::Buy),
        payers: payers.iter().map(choice).collect(),
        products,
    };
    Ok(page::answer(StatusCode::OK, &page))
}
