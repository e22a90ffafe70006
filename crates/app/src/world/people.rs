//! The people of a world document.

use super::{Count, Document, derived_of};
use crate::passwords::Password;
use crate::users::{self, put_principal};
use crate::{App, Error, Fault};
use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_store::Tx;
use prorata_store::users::{self as rows, User};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A person who signs in here. Role assignments name a person by the object id in the place of a
/// client id.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserRow {
    /// The object id; made from tenant and user name when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<PrincipalId>,
    pub tenant_id: TenantId,
    pub user_name: String,
    pub display_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// Kept as a hash only; without one the person is invited later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

impl std::fmt::Debug for UserRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserRow").field("user_name", &self.user_name).finish_non_exhaustive()
    }
}

/// The rows, read and checked, with the hashes that are to be kept.
#[derive(Default)]
pub(super) struct Checked(Vec<User>);

impl Checked {
    /// The person of an object id in a tenant.
    pub(super) fn principal(&self, tenant: TenantId, id: Uuid) -> Option<PrincipalId> {
        let mut all = self.0.iter();
        all.find(|user| user.tenant == tenant && user.id.0 == id).map(|user| user.id)
    }
}

/// What the rows come to, or everything that is wrong with them.
pub(super) fn check(
    app: &App,
    document: &Document,
    faults: &mut Vec<Fault>,
) -> Result<Checked, Error> {
    let mut checked = Vec::new();
    for (index, row) in document.users.iter().enumerate() {
        let at = |field: &str| format!("users[{index}].{field}");
        checked.extend(user(app, document, row, &at, faults)?);
    }
    Ok(Checked(checked))
}

fn user(
    app: &App,
    document: &Document,
    row: &UserRow,
    at: &impl Fn(&str) -> String,
    faults: &mut Vec<Fault>,
) -> Result<Option<User>, Error> {
    let before = faults.len();
    let mut note = |fault: Fault| faults.push(fault);
    let name = users::user_name(&row.user_name, &at("userName")).map_err(&mut note);
    let shown = users::display_name(&row.display_name, &at("displayName")).map_err(&mut note);
    let mail = row.mail.as_deref().map(|mail| users::mail(mail, &at("mail")));
    let mail = mail.transpose().map_err(&mut note);
    if !document.tenants.iter().any(|tenant| tenant.id == row.tenant_id) {
        note(Fault::new(at("tenantId"), "must name a tenant of this document"));
    }
    let (Ok(user_name), Ok(display_name), Ok(mail)) = (name, shown, mail) else {
        return Ok(None);
    };
    let typed = row.password.as_deref().map(Password::typed);
    let own = [user_name.as_str(), display_name.as_str()];
    faults.extend(typed.as_ref().and_then(|typed| typed.fault(&at("password"), &own)));
    let id = row.id.unwrap_or_else(|| derived_of(row.tenant_id, &user_name));
    let key = user_name.clone();
    let kept = app.read(move |tx, _| Ok(rows::by_name(tx, &key)?))?;
    if kept.as_ref().is_some_and(|kept| (kept.tenant, kept.id) != (row.tenant_id, id)) {
        faults.push(Fault::new(at("userName"), "is that of another person"));
    }
    if faults.len() > before {
        return Ok(None);
    }
    let password_hash = match (typed, kept.as_ref().and_then(|kept| kept.password_hash.clone())) {
        (None, kept) => kept,
        (Some(typed), Some(kept)) if typed.matches(&kept) => Some(kept),
        (Some(typed), _) => Some(typed.hash()?),
    };
    let now = Timestamp::now();
    Ok(Some(User {
        tenant: row.tenant_id,
        id,
        user_name,
        display_name,
        mail,
        password_at: password_hash.as_ref().map(|_| now),
        password_hash,
        invitation: None,
        created_at: now,
    }))
}

/// Writes the people: those who are there already keep what the document does not say.
pub(super) fn put(tx: &mut Tx<'_>, checked: &Checked, count: &mut Count) -> Result<(), Error> {
    for user in &checked.0 {
        let mut changed = put_principal(tx, user)?;
        match rows::user(tx, user.tenant, user.id)? {
            None => {
                rows::insert(tx, user)?;
                changed = true;
            }
            Some(kept) => {
                if kept.mail != user.mail {
                    rows::set_mail(tx, user.tenant, user.id, user.mail.as_deref())?;
                    changed = true;
                }
                let fresh = user.password_hash.as_deref();
                if let Some(hash) = fresh.filter(|_| kept.password_hash.as_deref() != fresh) {
                    rows::set_password(tx, user.tenant, user.id, hash, Timestamp::now())?;
                    changed = true;
                }
            }
        }
        count.add(changed);
    }
    Ok(())
}
