//! Files that go with tickets.

use super::{PAGE_MAX, name, subscription};
use crate::api::asked::{Asked, read};
use crate::api::problem;
use crate::arm::{ArmError, empty, json};
use crate::limits::SUPPORT_CHUNK_BYTES_MAX;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::support::files::{self as job, Sizes};
use prorata_domain::ids::SubscriptionId;
use prorata_wire::azure;
use prorata_wire::azure::support::{self as shape, files};
use serde_json::Value;

fn show_workspace(found: &job::Workspace) -> Value {
    let at = found.place.subscription;
    files::workspace(at, &found.name, found.created_at, found.expires_at)
}

fn show_file(at: Option<SubscriptionId>, workspace: &str, file: &job::File) -> Value {
    files::file(&files::File {
        subscription: at,
        workspace,
        name: &file.name,
        created_at: file.created_at,
        chunk_size: file.chunk_size,
        file_size: file.file_size,
        chunks: file.chunks,
    })
}

pub(super) async fn make_workspace(asked: Asked) -> Result<Response, ArmError> {
    let (at, name) = (subscription(&asked)?, name(&asked, "workspace"));
    let made =
        asked.write(move |tx, app, call| job::put_workspace(tx, app, call, at, &name)).await?;
    Ok(json(StatusCode::CREATED, &show_workspace(&made)))
}

pub(super) async fn workspace(asked: Asked) -> Result<Response, ArmError> {
    let (at, name) = (subscription(&asked)?, name(&asked, "workspace"));
    let found = asked.read(move |tx, app, call| job::workspace(tx, app, call, at, &name)).await?;
    Ok(json(StatusCode::OK, &show_workspace(&found)))
}

pub(super) async fn make(asked: Asked) -> Result<Response, ArmError> {
    let (at, workspace) = (subscription(&asked)?, name(&asked, "workspace"));
    let (of, name) = (workspace.clone(), name(&asked, "file"));
    let (chunk_size, file_size, chunks) = read(files::parse(&asked.json().await?))?;
    let sizes = Sizes { chunk_size, file_size, chunks };
    let made =
        asked.write(move |tx, app, call| job::put(tx, app, call, at, &of, &name, sizes)).await?;
    Ok(json(StatusCode::CREATED, &show_file(at, &workspace, &made)))
}

pub(super) async fn show(asked: Asked) -> Result<Response, ArmError> {
    let (at, workspace) = (subscription(&asked)?, name(&asked, "workspace"));
    let (of, name) = (workspace.clone(), name(&asked, "file"));
    let found = asked.read(move |tx, app, call| job::get(tx, app, call, at, &of, &name)).await?;
    Ok(json(StatusCode::OK, &show_file(at, &workspace, &found)))
}

pub(super) async fn list(asked: Asked) -> Result<Response, ArmError> {
    let (at, workspace) = (subscription(&asked)?, name(&asked, "workspace"));
    let of = workspace.clone();
    let after = asked.query.get("$skiptoken").filter(|mark| !mark.is_empty()).map(str::to_owned);
    let page = asked
        .read(move |tx, app, call| job::list(tx, app, call, at, &of, after.as_deref(), PAGE_MAX))
        .await?;
    let rows = page.rows.iter().map(|file| show_file(at, &workspace, file)).collect();
    let next = page.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &shape::page(rows, next)))
}

pub(super) async fn upload(asked: Asked) -> Result<Response, ArmError> {
    let (at, workspace) = (subscription(&asked)?, name(&asked, "workspace"));
    let name = name(&asked, "file");
    let bytes = asked.bytes(SUPPORT_CHUNK_BYTES_MAX).await?;
    let body = azure::parse_body(&bytes).map_err(|fault| problem::faults(vec![fault]))?;
    let (index, content) = read(files::parse_chunk(&body.unwrap_or_default()))?;
    asked
        .write(move |tx, app, call| {
            job::upload(tx, app, call, at, &workspace, &name, (index, &content))
        })
        .await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
