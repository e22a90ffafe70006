//! What an operator says of an issuer.

use crate::Fault;
use crate::identity::jwt::Claims;
use crate::outbound::{authorities, is_callable};
use prorata_domain::ids::TenantId;
use serde::{Deserialize, Serialize};

/// Stands in an issuer's address for the tenant that a token is of.
pub const TENANT_PLACE: &str = "{tenantid}";

/// What tokens of an issuer look like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// As the standard has it: `sub`.
    #[default]
    Generic,
    /// Microsoft Entra ID: `tid` and `oid`.
    Entra,
    Keycloak,
}

/// For whom the first sight of a good token makes a principal; it has no role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provision {
    #[default]
    None,
    Users,
    All,
}

/// Where an issuer says something in a claim of another name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ClaimNames {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The id of the tenant; one of those that the issuer speaks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
}

/// An issuer, as a world document, a file or the command line has it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssuerRow {
    /// What links and commands call it.
    pub id: String,
    /// What the sign-in page calls it; the id when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The `iss` of its tokens, exactly; `{tenantid}` stands for the tenant they are of.
    pub issuer: String,
    /// Further forms of it that its tokens may have, such as that of version 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Where its configuration is; under its own address when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discovery: Option<String>,
    /// For whom its access tokens must be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<String>,
    /// The tenants it speaks for; one, unless its tokens say of which tenant they are.
    pub tenants: Vec<TenantId>,
    #[serde(default)]
    pub shape: Shape,
    #[serde(default)]
    pub claims: ClaimNames,
    /// A role that its tokens must have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_role: Option<String>,
    #[serde(default)]
    pub provision: Provision,
    /// The client that the desk is there; without it nobody signs in at the portal this way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Never shown again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// What is asked for beside `openid`; `profile` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// Lets it be at a loopback or private address, on this machine also without TLS.
    #[serde(default)]
    pub inner_network: bool,
    /// Certificate authorities to trust for it in place of the public ones, in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<String>,
}

impl std::fmt::Debug for IssuerRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuerRow").field("id", &self.id).field("issuer", &self.issuer).finish()
    }
}

impl IssuerRow {
    /// What people read of it.
    pub fn shown_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }

    /// Every form of its name.
    pub(super) fn forms(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.issuer).chain(&self.also).map(String::as_str)
    }

    pub(super) fn has_form(&self, form: &str) -> bool {
        self.forms().any(|own| own == form)
    }

    /// Whether a token that names this issuer is of it. A form with the place of a tenant is that of
    /// the tenant that the token names, and of no other.
    pub(super) fn is_called(&self, named: &str, claims: &Claims) -> bool {
        let tenant = claims.text("tid");
        self.forms().any(|form| match tenant {
            Some(tenant) if form.contains(TENANT_PLACE) => filled(form, tenant) == named,
            _ => form == named && !form.contains(TENANT_PLACE),
        })
    }

    /// Whether an answer of this issuer may say it is of `named`, before its token is known.
    pub(super) fn may_be_called(&self, named: &str) -> bool {
        self.has_form(named) || self.tenants_filled().any(|form| form == named)
    }

    /// Whether a key that is said to be of `named` is one of this issuer.
    pub(super) fn has_key_of(&self, named: &str) -> bool {
        self.may_be_called(named)
    }

    fn tenants_filled(&self) -> impl Iterator<Item = String> {
        let forms = self.forms().filter(|form| form.contains(TENANT_PLACE));
        forms.flat_map(|form| self.tenants.iter().map(move |id| filled(form, &id.to_string())))
    }

    pub(super) fn accepts(&self, audience: &str) -> bool {
        self.audiences.iter().any(|own| own == audience)
    }

    pub(super) fn discovery_url(&self) -> String {
        let own = self.issuer.trim_end_matches('/').replace(TENANT_PLACE, "organizations");
        let below = format!("{own}/.well-known/openid-configuration");
        self.discovery.clone().unwrap_or(below)
    }

    /// What is wrong with it.
    pub(super) fn faults(&self, at: &impl Fn(&str) -> String, faults: &mut Vec<Fault>) {
        let mut wrong = |field: &str, message: String| faults.push(Fault::new(at(field), message));
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if self.id.is_empty() || self.id.len() > 40 || !self.id.bytes().all(plain) {
            wrong("id", "must be of at most 40 small letters, digits and hyphens".to_owned());
        }
        for (field, url) in self.addresses() {
            let filled = url.replace(TENANT_PLACE, "tenant");
            if filled.contains(['{', '}', '?']) || !is_callable(&filled, self.inner_network) {
                wrong(
                    field,
                    "must be an address with https, without a query; one with http only on this \
                     machine, and with `innerNetwork`"
                        .to_owned(),
                );
            }
        }
        let of_many = self.forms().any(|form| form.contains(TENANT_PLACE));
        if self.tenants.is_empty() {
            wrong("tenants", "must name the tenant that it speaks for".to_owned());
        } else if self.tenants.len() > 1 && !of_many && self.claims.tenant.is_none() {
            wrong(
                "tenants",
                "must be one, unless `issuer` has the place {tenantid} or `claims.tenant` names \
                 the claim that tells the tenant"
                    .to_owned(),
            );
        }
        if self.audiences.is_empty() && self.client_id.is_none() {
            let message = "must name for whom its tokens are, unless people sign in by `clientId`";
            wrong("audiences", message.to_owned());
        }
        if self.client_secret.is_some() && self.client_id.is_none() {
            wrong("clientSecret", "goes with a `clientId`".to_owned());
        }
        if self.ca.as_ref().is_some_and(|ca| authorities(ca).is_err()) {
            wrong("ca", "must hold at least one certificate in PEM".to_owned());
        }
        for (field, text) in self.texts() {
            if text.is_empty() || text.len() > 512 || text.chars().any(char::is_control) {
                wrong(field, "must be a text of at most 512 characters".to_owned());
            }
        }
    }

    fn addresses(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let also = self.also.iter().map(|url| ("also", url));
        let discovery = self.discovery.iter().map(|url| ("discovery", url));
        std::iter::once(("issuer", &self.issuer)).chain(also).chain(discovery)
    }

    fn texts(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let single = [
            ("name", self.name.as_ref()),
            ("clientId", self.client_id.as_ref()),
            ("clientSecret", self.client_secret.as_ref()),
            ("requiredRole", self.required_role.as_ref()),
        ];
        let audiences = self.audiences.iter().map(|audience| ("audiences", audience));
        let scopes = self.scopes.iter().flatten().map(|scope| ("scopes", scope));
        let single = single.into_iter().filter_map(|(name, text)| Some((name, text?)));
        single.chain(audiences).chain(scopes)
    }
}

fn filled(form: &str, tenant: &str) -> String {
    form.replace(TENANT_PLACE, tenant)
}
