//! What an issuer's claims mean here: of which tenant, who, by which program.

use super::config::{IssuerRow, Shape, TENANT_PLACE};
use crate::Error;
use crate::PrincipalKind;
use crate::identity::jwt::{Claims, Token, unusable};
use prorata_domain::ids::TenantId;

/// Characters of a subject; what is longer is nobody's.
const SUBJECT_MAX: usize = 255;

/// Characters of a name that are kept.
const NAME_MAX: usize = 256;

/// The tenant that a token is of: what it says where the issuer speaks for several, else the one.
///
/// # Errors
/// [`Error::Unknown`] for a tenant that the issuer does not speak for.
pub fn tenant(row: &IssuerRow, claims: &Claims) -> Result<TenantId, Error> {
    let many = row.forms().any(|form| form.contains(TENANT_PLACE));
    let claim = row.claims.tenant.as_deref().or(many.then_some("tid"));
    let Some(claim) = claim else {
        let only = row.tenants.first().copied();
        return only.ok_or_else(|| unusable("the token's issuer speaks for no tenant"));
    };
    let said = claims.text(claim).and_then(TenantId::parse);
    said.filter(|tenant| row.tenants.contains(tenant))
        .ok_or_else(|| unusable("the token is of a tenant that its issuer does not speak for here"))
}

/// Who the token is at its issuer.
///
/// # Errors
/// [`Error::Unknown`] when it does not say.
pub fn subject<'a>(row: &IssuerRow, claims: &'a Claims) -> Result<&'a str, Error> {
    let claim = match (row.claims.subject.as_deref(), row.shape) {
        (Some(named), _) => named,
        (None, Shape::Entra) => "oid",
        (None, Shape::Generic | Shape::Keycloak) => "sub",
    };
    let found = claims.text(claim);
    let plain = |text: &&str| text.len() <= SUBJECT_MAX && !text.chars().any(char::is_control);
    found
        .filter(plain)
        .ok_or_else(|| unusable(format!("the token does not say who it is in `{claim}`")))
}

/// The program that the token was given to.
pub fn client<'a>(row: &IssuerRow, claims: &'a Claims) -> Option<&'a str> {
    match row.claims.client.as_deref() {
        Some(named) => claims.text(named),
        None => ["azp", "appid", "client_id"].into_iter().find_map(|name| claims.text(name)),
    }
}

/// What people call the account; never what it is known by.
pub fn name(row: &IssuerRow, claims: &Claims) -> String {
    let usual: &[&str] = match row.shape {
        Shape::Keycloak => &["preferred_username", "name"],
        Shape::Entra => &["name", "preferred_username", "upn", "app_displayname"],
        Shape::Generic => &["name", "preferred_username"],
    };
    let own = row.claims.name.as_deref();
    let found = own.into_iter().chain(usual.iter().copied()).find_map(|name| claims.text(name));
    let found = found.or_else(|| client(row, claims)).unwrap_or("unnamed");
    shown(found)
}

/// A text of a token as it is kept: bounded, and without what would break a line of a log.
pub fn shown(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(NAME_MAX).collect()
}

/// Whether the account is a person or a program, where the first sight makes a principal.
pub fn kind(row: &IssuerRow, claims: &Claims) -> PrincipalKind {
    let program = match row.shape {
        Shape::Entra => {
            let by_itself =
                claims.text("sub").is_some() && claims.text("sub") == claims.text("oid");
            claims.text("idtyp") == Some("app") || (!claims.has("scp") && by_itself)
        }
        Shape::Keycloak => claims
            .text("preferred_username")
            .is_some_and(|name| name.starts_with("service-account-")),
        Shape::Generic => claims.text("sub").is_some() && claims.text("sub") == client(row, claims),
    };
    if program { PrincipalKind::ServicePrincipal } else { PrincipalKind::User }
}

/// Refuses tokens of other kinds that an issuer signs with the same keys: what tells the desk's own
/// client who signed in (ID tokens), what renews others, what ends sessions.
///
/// # Errors
/// [`Error::Unknown`] for a token that is no access token.
pub fn is_access(row: &IssuerRow, token: &Token<'_>) -> Result<(), Error> {
    let no = || Err(unusable("the token is not an access token"));
    let header = token.header.typ.as_deref().unwrap_or("JWT").to_ascii_lowercase();
    let header = header.strip_prefix("application/").unwrap_or(&header);
    if !matches!(header, "jwt" | "at+jwt") {
        return no();
    }
    let claims = &token.claims;
    if row.shape == Shape::Keycloak {
        return if claims.text("typ") == Some("Bearer") { Ok(()) } else { no() };
    }
    let of_others = ["nonce", "at_hash", "c_hash", "s_hash", "events"];
    let said_other = claims.text("typ").is_some_and(|typ| !typ.eq_ignore_ascii_case("bearer"));
    if said_other || (header == "jwt" && of_others.iter().any(|name| claims.has(name))) {
        return no();
    }
    Ok(())
}

/// Refuses a token without the role that an operator asks for.
///
/// # Errors
/// [`Error::Unknown`] naming the role.
pub fn has_role(row: &IssuerRow, claims: &Claims) -> Result<(), Error> {
    let Some(role) = row.required_role.as_deref() else { return Ok(()) };
    let roles = match row.shape {
        Shape::Keycloak => claims.get("realm_access").and_then(|access| access.get("roles")),
        Shape::Entra | Shape::Generic => claims.get("roles"),
    };
    let has = roles
        .and_then(serde_json::Value::as_array)
        .is_some_and(|roles| roles.iter().any(|one| one.as_str() == Some(role)));
    if has { Ok(()) } else { Err(unusable(format!("the token has not the role `{role}`"))) }
}
