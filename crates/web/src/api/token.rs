//! Signing in: the client-credentials grant, and what clients read before they use it.

use super::asked::Asked;
use crate::arm::{ArmError, json};
use crate::guard::{Account, Attempt, Place};
use crate::uri::Query;
use axum::http::header::{AUTHORIZATION, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use prorata_app::audit::{self, Named, Verdict};
use prorata_app::{Error, Origin, identity, secrets};
use prorata_domain::ids::TenantId;
use serde_json::json as value;
use std::time::{Duration, Instant};

/// Bytes of a token request; a client assertion, the longest thing that is sent, has some 2 KiB.
const FORM_BYTES_MAX: usize = 16 << 10;

/// Bytes of a client id or secret; a longer one is not worth hashing.
const CREDENTIAL_BYTES_MAX: usize = 1024;

/// Answers a token request; failures are in the form of OAuth, not of ARM.
pub(super) async fn issue(asked: Asked) -> Result<Response, ArmError> {
    let form = asked.bytes(FORM_BYTES_MAX).await?;
    let granted = match Wanted::read(&asked, &form) {
        Ok(wanted) => grant(&asked, wanted).await,
        Err(failure) => Err(failure),
    };
    granted.or_else(|failure| Ok(failure.answer(&asked)))
}

/// A grant that was asked for.
struct Wanted {
    /// `None` where the path leaves it open, as that of AD FS does.
    tenant: Option<TenantId>,
    client: String,
    secret: String,
    audience: String,
}

/// A failure as RFC 6749 has it.
struct Failure {
    status: StatusCode,
    error: &'static str,
    description: String,
    /// The credentials came in the `Authorization` header, so the answer names the scheme.
    basic: bool,
    /// Seconds after which trying again makes sense.
    retry_after: Option<u64>,
}

impl Failure {
    fn invalid(description: impl Into<String>) -> Failure {
        Failure::new(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    fn new(status: StatusCode, error: &'static str, description: impl Into<String>) -> Failure {
        Failure { status, error, description: description.into(), basic: false, retry_after: None }
    }

    fn answer(self, asked: &Asked) -> Response {
        let body = value!({
            "error": self.error,
            "error_description": self.description,
            "trace_id": asked.ids.request.to_string(),
            "correlation_id": asked.ids.correlation.to_string(),
        });
        let mut response = json(self.status, &body);
        let headers = response.headers_mut();
        no_store(headers);
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.basic && self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"token\""));
        }
        response
    }
}

fn no_store(headers: &mut HeaderMap) {
    use axum::http::header::{CACHE_CONTROL, PRAGMA};
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
}

impl Wanted {
    fn read(asked: &Asked, form: &[u8]) -> Result<Wanted, Failure> {
        let form = std::str::from_utf8(form)
            .ok()
            .and_then(|text| Query::parse_form(text).ok())
            .ok_or_else(|| {
                Failure::invalid("The body is not application/x-www-form-urlencoded text.")
            })?;
        let tenant = asked.captures.find("tenant").map(|sent| {
            TenantId::parse(sent).ok_or_else(|| {
                Failure::invalid("The tenant in the path is not a GUID; put the tenant's id there.")
            })
        });
        let tenant = tenant.transpose()?;
        match form.get("grant_type") {
            Some("client_credentials") => {}
            Some(_) => {
                return Err(Failure::new(
                    StatusCode::BAD_REQUEST,
                    "unsupported_grant_type",
                    "The only grant_type here is client_credentials.",
                ));
            }
            None => {
                return Err(Failure::invalid("grant_type is missing; give client_credentials."));
            }
        }
        let basic = basic_credentials(&asked.parts.headers)?;
        let in_header = basic.is_some();
        let (client, secret) = match basic {
            Some(pair) => pair,
            None => {
                let member = |name: &str| {
                    let sent = form.get(name).filter(|sent| !sent.is_empty());
                    sent.map(str::to_owned).ok_or_else(|| {
                        Failure::invalid(format!(
                            "{name} is missing; give it in the body, or both credentials in an \
                             Authorization header of type Basic."
                        ))
                    })
                };
                (member("client_id")?, member("client_secret")?)
            }
        };
        if client.len() > CREDENTIAL_BYTES_MAX || secret.len() > CREDENTIAL_BYTES_MAX {
            let mut failure = wrong_client();
            failure.basic = in_header;
            return Err(failure);
        }
        Ok(Wanted { tenant, client, secret, audience: audience(&form, &asked.base)? })
    }
}

/// What the token is for: `scope` without its `/.default`, or the older `resource`.
fn audience(form: &Query, base: &str) -> Result<String, Failure> {
    const CHARS_MAX: usize = 256;
    let scope = form.get("scope").or(form.get("resource")).unwrap_or_default().trim();
    let scope = scope.strip_suffix("/.default").unwrap_or(scope);
    let audience = scope.trim_end_matches('/');
    if audience.len() > CHARS_MAX || audience.chars().any(char::is_whitespace) {
        return Err(Failure::new(
            StatusCode::BAD_REQUEST,
            "invalid_scope",
            "scope must be one resource followed by /.default.",
        ));
    }
    Ok(if audience.is_empty() { base.to_owned() } else { audience.to_owned() })
}

/// The client's id and secret in an `Authorization: Basic` header, form-encoded each.
fn basic_credentials(headers: &HeaderMap) -> Result<Option<(String, String)>, Failure> {
    let Some(header) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let broken = || {
        let mut failure = wrong_client();
        failure.description =
            "The Authorization header is not `Basic` with a client id and a secret.".to_owned();
        failure.basic = true;
        failure
    };
    let header = header.to_str().map_err(|_| broken())?;
    let (scheme, encoded) = header.trim().split_once(' ').ok_or_else(broken)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(broken());
    }
    let decoded = STANDARD.decode(encoded.trim()).map_err(|_| broken())?;
    let decoded = String::from_utf8(decoded).map_err(|_| broken())?;
    let (client, secret) = decoded.split_once(':').ok_or_else(broken)?;
    // What does not decode stands for itself: many clients send it plain.
    let plain = |text: &str| {
        let pair = Query::parse_form(&format!("x={text}")).ok();
        let whole = pair.as_ref().filter(|pair| pair.pairs().count() == 1);
        whole.and_then(|pair| pair.get("x")).unwrap_or(text).to_owned()
    };
    Ok(Some((plain(client), plain(secret))))
}

fn wrong_client() -> Failure {
    Failure::new(
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        "The client is not known in this tenant, or its secret is wrong.",
    )
}

async fn grant(asked: &Asked, wanted: Wanted) -> Result<Response, Failure> {
    let issued = sign_in(asked, wanted).await?;
    let body = value!({
        "token_type": "Bearer",
        "expires_in": issued.expires_in,
        "ext_expires_in": issued.expires_in,
        "access_token": issued.access_token,
    });
    let mut response = json(StatusCode::OK, &body);
    no_store(response.headers_mut());
    Ok(response)
}

/// Checks the credentials and signs a token, where blocking is allowed.
async fn sign_in(asked: &Asked, wanted: Wanted) -> Result<identity::Issued, Failure> {
    let account = Account::program(wanted.tenant, &wanted.client);
    let origin = asked.parts.extensions.get::<Origin>().cloned().unwrap_or_default();
    let place = Place::of(origin.address);
    let attempt = Attempt { place, account, device: None };
    let admitted = asked.shared.guard.admit(attempt, Instant::now()).map_err(too_many)?;
    let permit = asked.shared.sign_ins.acquire().await;
    let (app, base) = (asked.app().clone(), asked.base.clone());
    let correlation = asked.ids.correlation;
    let checked = tokio::task::spawn_blocking(move || {
        let Wanted { tenant, client, secret, audience } = wanted;
        let signed_in = secrets::sign_in(&app, tenant, &client, &secret);
        let named = match &signed_in {
            Ok(signed_in) => Some(Named::Known(&signed_in.caller, Verdict::Approved)),
            Err(Error::Unknown(_)) => Some(Named::Unknown { tenant, client: &client }),
            Err(_) => None,
        };
        if let Some(named) = named {
            audit::sign_in(&app, named, &origin, correlation)?;
        }
        let signed_in = signed_in?;
        let (issuer, at) = (identity::issuer_at(&base, tenant), signed_in.issue_at(&app));
        let credential = Some(signed_in.credential);
        identity::issue_for(&app, &signed_in.caller, &issuer, &audience, credential, at)
    })
    .await;
    drop(permit);
    match checked {
        Ok(Ok(issued)) => {
            admitted.was_right();
            Ok(issued)
        }
        Ok(Err(Error::Unknown(_))) => {
            let mut failure = wrong_client();
            failure.basic = asked.parts.headers.contains_key(AUTHORIZATION);
            Err(failure)
        }
        Ok(Err(error)) => Err(failed(asked, error)),
        Err(error) => Err(failed(asked, Error::Broken(error.to_string()))),
    }
}

fn too_many(wait: Duration) -> Failure {
    let seconds = wait.as_secs() + 1;
    let said = format!("Too many sign-ins have failed. Try again after {seconds} seconds.");
    let status = StatusCode::TOO_MANY_REQUESTS;
    let failure = Failure::new(status, "temporarily_unavailable", said);
    Failure { retry_after: Some(seconds), ..failure }
}

fn failed(asked: &Asked, error: Error) -> Failure {
    let told = asked.problem(error);
    let error = if told.status.is_server_error() { "server_error" } else { "invalid_request" };
    Failure::new(told.status, error, told.message)
}

/// The issuer's name for whoever asks: the tenant in the path may be a word such as `common`.
fn issuer(asked: &Asked) -> String {
    match asked.captures.find("tenant") {
        Some(tenant) => format!("{}/{tenant}/v2.0", asked.base),
        None => identity::issuer_at(&asked.base, None),
    }
}

/// The OpenID configuration, by which clients find the token endpoint.
pub(super) async fn configuration(asked: Asked) -> Result<Response, ArmError> {
    let tenant = asked.captures.get("tenant");
    if !is_plain(tenant) {
        return Err(ArmError::not_found("NotFound", "There is no such tenant."));
    }
    let at = format!("{}/{tenant}", asked.base);
    Ok(configured(&asked, &format!("{at}/oauth2/v2.0"), &format!("{at}/discovery/v2.0/keys")))
}

/// The same in the paths of AD FS, which name no tenant. Azure clients that cannot be told to leave
/// the authority unchecked leave one of this form unchecked.
pub(super) async fn adfs_configuration(asked: Asked) -> Result<Response, ArmError> {
    let at = format!("{}/adfs", asked.base);
    Ok(configured(&asked, &format!("{at}/oauth2"), &format!("{at}/discovery/keys")))
}

fn configured(asked: &Asked, oauth: &str, keys: &str) -> Response {
    json(
        StatusCode::OK,
        &value!({
            "issuer": issuer(asked),
            "authorization_endpoint": format!("{oauth}/authorize"),
            "token_endpoint": format!("{oauth}/token"),
            "jwks_uri": keys,
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": ["token"],
            "response_modes_supported": ["query"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "scopes_supported": ["openid"],
            "claims_supported": ["iss", "aud", "iat", "nbf", "exp", "tid", "oid", "sub", "appid"],
        }),
    )
}

/// The keys that tokens are signed with, the one that signs now first.
pub(super) async fn keys(asked: Asked) -> Result<Response, ArmError> {
    let app = asked.app().clone();
    let known = tokio::task::spawn_blocking(move || identity::public_keys(&app)).await;
    let known = known.unwrap_or_else(|error| Err(Error::Broken(error.to_string())));
    let keys = known.map_err(|error| asked.problem(error))?.into_iter().map(|key| {
        value!({
            "kty": "EC",
            "use": "sig",
            "alg": "ES256",
            "crv": "P-256",
            "kid": key.id,
            "x": key.x,
            "y": key.y,
        })
    });
    let keys: Vec<_> = keys.collect();
    Ok(json(StatusCode::OK, &value!({ "keys": keys })).into_response())
}

/// Whether a tenant may stand in a URL that we give out: a GUID, a domain, `common`.
fn is_plain(tenant: &str) -> bool {
    tenant.len() <= 253 && tenant.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
}
