//! Workspaces of files, files, and their chunks.

use super::provider;
use crate::azure::fault::{BAD_REQUEST, Fault, Faults};
use crate::azure::instant;
use crate::azure::member::Member;
use jiff::Timestamp;
use prorata_domain::ids::SubscriptionId;
use serde_json::{Value, json};

/// The path of a workspace.
fn workspace_id(subscription: Option<SubscriptionId>, name: &str) -> String {
    format!("{}/fileWorkspaces/{name}", provider(subscription))
}

/// A workspace as it is shown.
pub fn workspace(
    subscription: Option<SubscriptionId>,
    name: &str,
    created_at: Timestamp,
    expires_at: Timestamp,
) -> Value {
    json!({
        "id": workspace_id(subscription, name),
        "name": name,
        "type": "Microsoft.Support/fileWorkspaces",
        "properties": {
            "createdOn": instant(created_at),
            "expirationTime": instant(expires_at),
        },
    })
}

/// How a file is going to be sent: bytes of a chunk, bytes of all, chunks.
///
/// # Errors
/// Every fault of the form; whether the sizes fit is found where they are kept.
pub fn parse(body: &Value) -> Result<(i64, i64, i64), Vec<Fault>> {
    let mut faults = Faults::default();
    let root = Member::root(body).object(&mut faults, "an object with `properties`");
    let sizes = root
        .and_then(|root| root.get("properties").object(&mut faults, "an object with sizes"))
        .and_then(|at| {
            let mut number =
                |name: &str| at.get(name).quantity(&mut faults, BAD_REQUEST).map(i64::from);
            let (chunk, file) = (number("chunkSize"), number("fileSize"));
            let chunks = number("numberOfChunks");
            Some((chunk?, file?, chunks?))
        });
    faults.finish(sizes)
}

/// A chunk: its index, and its bytes in base64.
///
/// # Errors
/// Every fault of the form.
pub fn parse_chunk(body: &Value) -> Result<(i64, String), Vec<Fault>> {
    let mut faults = Faults::default();
    let root = Member::root(body).object(&mut faults, "an object with `content`, `chunkIndex`");
    let chunk = root.and_then(|root| {
        let content = match &body["content"] {
            Value::String(text) => Some(text.clone()),
            _ => {
                let says = "is missing or no text; give the chunk's bytes in base64.";
                root.get("content").refuse(&mut faults, BAD_REQUEST, says);
                None
            }
        };
        // The first chunk has the index 0, also where it is not said.
        let index = match &body["chunkIndex"] {
            Value::Null => Some(0),
            given => given.as_i64(),
        };
        if index.is_none() {
            let says = "is no whole number; give the chunk's place, from 0 on.";
            root.get("chunkIndex").refuse(&mut faults, BAD_REQUEST, says);
        }
        Some((index?, content?))
    });
    faults.finish(chunk)
}

/// A file, as far as it is shown.
#[derive(Debug, Clone, Copy)]
pub struct File<'f> {
    pub subscription: Option<SubscriptionId>,
    pub workspace: &'f str,
    pub name: &'f str,
    pub created_at: Timestamp,
    pub chunk_size: i64,
    pub file_size: i64,
    pub chunks: i64,
}

/// A file as it is shown.
pub fn file(file: &File<'_>) -> Value {
    let workspace = workspace_id(file.subscription, file.workspace);
    json!({
        "id": format!("{workspace}/files/{}", file.name),
        "name": file.name,
        "type": "Microsoft.Support/files",
        "properties": {
            "createdOn": instant(file.created_at),
            "chunkSize": file.chunk_size,
            "fileSize": file.file_size,
            "numberOfChunks": file.chunks,
        },
    })
}
