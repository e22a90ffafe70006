//! Adding a person, who is invited to choose a password.

use super::once::{self, Made, answer, form_id};
use super::{Area, FieldFaults, Frame, below, require};
use crate::portal::desk::{Desk, Posted};
use crate::portal::form::Fields;
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Shell};
use crate::portal::words;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::Error;
use prorata_app::users::{self, Invitation, NewUser};
use uuid::Uuid;

#[derive(Debug, Template)]
#[template(path = "administration_person_new.html")]
pub struct NewPersonPage {
    pub shell: Shell,
    pub frame: Frame,
    pub id: String,
    pub fields: PersonFields,
    pub faults: FieldFaults,
}

#[derive(Debug, Default)]
pub struct PersonFields {
    pub user_name: String,
    pub display_name: String,
    pub mail: String,
}

pub async fn show(desk: Desk) -> Response {
    let page = form(&desk, StatusCode::OK, Uuid::new_v4(), &Fields::default(), Vec::new());
    desk.settle(page)
}

fn form(
    desk: &Desk,
    status: StatusCode,
    id: Uuid,
    fields: &Fields,
    faults: Vec<prorata_app::Fault>,
) -> Result<Response, Error> {
    let (shell, frame) = below(desk, Area::Principals, say("admin-add-person"))?;
    let page = NewPersonPage {
        shell,
        frame,
        id: id.to_string(),
        fields: PersonFields {
            user_name: fields.one("userName"),
            display_name: fields.one("displayName"),
            mail: fields.one("mail"),
        },
        faults: FieldFaults::of(faults),
    };
    Ok(page::answer(status, &page))
}

pub async fn submit(Posted { desk, fields }: Posted) -> Response {
    let answered = add(&desk, &fields).await;
    desk.settle(answered)
}

async fn add(desk: &Desk, fields: &Fields) -> Result<Response, Error> {
    require(desk, Area::Principals)?;
    let mail = fields.one("mail");
    let new = NewUser {
        user_name: fields.one("userName"),
        display_name: fields.one("displayName"),
        mail: (!mail.is_empty()).then_some(mail),
    };
    let form_id = form_id(fields);
    let work = |desk: Desk| async move { add_now(&desk, new).await.map(Some) };
    match once::made(desk, form_id, work).await {
        Ok(Some(made)) => answer(desk, Area::Principals, made),
        Ok(None) => Ok(Redirect::to(Area::Principals.path()).into_response()),
        Err(Error::Malformed(faults)) => {
            form(desk, StatusCode::UNPROCESSABLE_ENTITY, form_id, fields, faults)
        }
        Err(other) => Err(other),
    }
}

async fn add_now(desk: &Desk, new: NewUser) -> Result<Made, Error> {
    let call = desk.call();
    let added = desk.app().write_async(move |tx, _| users::add(tx, &call, &new)).await;
    let (shown, invitation) = added?;
    let href = format!("{}/{}", Area::Principals.path(), shown.user.id);
    Ok(invited(desk, &shown.user.display_name, &invitation, href))
}

/// The invitation, this once.
pub fn invited(desk: &Desk, name: &str, invitation: &Invitation, back: String) -> Made {
    Made {
        title: name.to_owned(),
        heading: say_with("admin-invited", [("name", name.to_owned().into())]),
        lead: say("admin-invited-lead"),
        label: say("admin-invitation-link"),
        value: format!("{}/invitation?token={}", desk.base, invitation.token),
        facts: vec![(say("admin-good-until"), words::moment(invitation.ends_at))],
        back,
    }
}
