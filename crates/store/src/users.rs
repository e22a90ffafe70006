//! People who sign in here: their names, password hashes, invitations and second factors.

use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};

const INSERT: &str = "INSERT INTO users (tenant, id, user_name, mail, password_hash, \
    password_at, invitation_hash, invitation_ends, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const ONE: &str = "SELECT u.tenant, u.id, u.user_name, p.name, u.mail, u.password_hash, \
    u.password_at, u.invitation_hash, u.invitation_ends, u.created_at \
    FROM users u JOIN principals p ON p.tenant = u.tenant AND p.id = u.id \
    WHERE u.tenant = $1 AND u.id = $2";
const BY_NAME: &str = "SELECT u.tenant, u.id, u.user_name, p.name, u.mail, u.password_hash, \
    u.password_at, u.invitation_hash, u.invitation_ends, u.created_at \
    FROM users u JOIN principals p ON p.tenant = u.tenant AND p.id = u.id \
    WHERE u.user_name = $1";
const BY_INVITATION: &str = "SELECT u.tenant, u.id, u.user_name, p.name, u.mail, \
    u.password_hash, u.password_at, u.invitation_hash, u.invitation_ends, u.created_at \
    FROM users u JOIN principals p ON p.tenant = u.tenant AND p.id = u.id \
    WHERE u.invitation_hash = $1";
const OF_TENANT: &str = "SELECT u.tenant, u.id, u.user_name, p.name, u.mail, u.password_hash, \
    u.password_at, u.invitation_hash, u.invitation_ends, u.created_at \
    FROM users u JOIN principals p ON p.tenant = u.tenant AND p.id = u.id \
    WHERE u.tenant = $1 AND u.id > $2 ORDER BY u.id LIMIT $3";
const SET_MAIL: &str = "UPDATE users SET mail = $3 WHERE tenant = $1 AND id = $2";
const SET_NAME: &str = "UPDATE principals SET name = $3 WHERE tenant = $1 AND id = $2";
const SET_PASSWORD: &str = "UPDATE users SET password_hash = $3, password_at = $4, \
    invitation_hash = NULL, invitation_ends = NULL WHERE tenant = $1 AND id = $2";
const CHANGE_PASSWORD: &str = "UPDATE users SET password_hash = $3, password_at = $4, \
    invitation_hash = NULL, invitation_ends = NULL \
    WHERE tenant = $1 AND id = $2 AND password_hash = $5";
const TAKE_INVITATION: &str = "UPDATE users SET password_hash = $2, password_at = $3, \
    invitation_hash = NULL, invitation_ends = NULL WHERE invitation_hash = $1";
const INVITE: &str = "UPDATE users SET password_hash = NULL, password_at = NULL, \
    invitation_hash = $3, invitation_ends = $4 WHERE tenant = $1 AND id = $2";

const FACTOR: &str = "SELECT seed, confirmed_at, last_step FROM second_factors \
    WHERE tenant = $1 AND id = $2";
const PUT_FACTOR: &str = "INSERT INTO second_factors (tenant, id, seed, confirmed_at, last_step) \
    VALUES ($1, $2, $3, NULL, 0) ON CONFLICT (tenant, id) DO UPDATE SET seed = excluded.seed, \
    confirmed_at = NULL, last_step = 0 WHERE second_factors.confirmed_at IS NULL";
const CONFIRM_FACTOR: &str = "UPDATE second_factors SET confirmed_at = $3 \
    WHERE tenant = $1 AND id = $2 AND confirmed_at IS NULL";
const TAKE_STEP: &str = "UPDATE second_factors SET last_step = $3 \
    WHERE tenant = $1 AND id = $2 AND last_step < $3";
const REMOVE_FACTOR: &str = "DELETE FROM second_factors WHERE tenant = $1 AND id = $2";
const ADD_CODE: &str = "INSERT INTO recovery_codes (tenant, id, hash, used_at) \
    VALUES ($1, $2, $3, NULL)";
const TAKE_CODE: &str = "UPDATE recovery_codes SET used_at = $4 \
    WHERE tenant = $1 AND id = $2 AND hash = $3 AND used_at IS NULL";
const CODES_LEFT: &str = "SELECT COUNT(*) FROM recovery_codes \
    WHERE tenant = $1 AND id = $2 AND used_at IS NULL";
const REMOVE_CODES: &str = "DELETE FROM recovery_codes WHERE tenant = $1 AND id = $2";

const RULE: &str = "SELECT second_factor FROM sign_in_rules WHERE tenant = $1";
const PUT_RULE: &str = "INSERT INTO sign_in_rules (tenant, second_factor) VALUES ($1, $2) \
    ON CONFLICT (tenant) DO UPDATE SET second_factor = excluded.second_factor \
    WHERE sign_in_rules.second_factor <> excluded.second_factor";

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT,
    ONE,
    BY_NAME,
    BY_INVITATION,
    OF_TENANT,
    SET_MAIL,
    SET_NAME,
    SET_PASSWORD,
    CHANGE_PASSWORD,
    TAKE_INVITATION,
    INVITE,
    FACTOR,
    PUT_FACTOR,
    CONFIRM_FACTOR,
    TAKE_STEP,
    REMOVE_FACTOR,
    ADD_CODE,
    TAKE_CODE,
    CODES_LEFT,
    REMOVE_CODES,
    RULE,
    PUT_RULE,
];

#[derive(Clone, PartialEq, Eq)]
pub struct User {
    pub tenant: TenantId,
    pub id: PrincipalId,
    /// In lower case; one in the whole desk.
    pub user_name: String,
    /// The principal's name.
    pub display_name: String,
    pub mail: Option<String>,
    /// An argon2 hash; none until a password was chosen.
    pub password_hash: Option<String>,
    pub password_at: Option<Timestamp>,
    /// The hash of the invitation that waits, and until when.
    pub invitation: Option<(String, Timestamp)>,
    pub created_at: Timestamp,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("tenant", &self.tenant)
            .field("id", &self.id)
            .field("user_name", &self.user_name)
            .finish_non_exhaustive()
    }
}

/// A generator of one-time codes.
#[derive(Clone, PartialEq, Eq)]
pub struct Factor {
    /// Sealed.
    pub seed: String,
    /// Since when it counts; not before its first code was given.
    pub confirmed_at: Option<Timestamp>,
    /// The newest step of which a code was taken.
    pub last_step: i64,
}

/// # Errors
/// Those of the database, as for all functions here; a user name that is taken.
pub fn insert(tx: &mut Tx<'_>, user: &User) -> Result<(), StoreError> {
    let (hash, ends) = user.invitation.clone().unzip();
    let params = [
        user.tenant.into(),
        user.id.into(),
        (&user.user_name).into(),
        user.mail.as_deref().into(),
        user.password_hash.as_deref().into(),
        user.password_at.into(),
        hash.into(),
        ends.into(),
        user.created_at.into(),
    ];
    tx.execute(INSERT, &params).map(drop)
}

pub fn user(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: PrincipalId,
) -> Result<Option<User>, StoreError> {
    tx.one(ONE, &[tenant.into(), id.into()])?.map(|row| read(&row)).transpose()
}

/// By the user name, in lower case.
pub fn by_name(tx: &mut Tx<'_>, user_name: &str) -> Result<Option<User>, StoreError> {
    tx.one(BY_NAME, &[user_name.into()])?.map(|row| read(&row)).transpose()
}

pub fn by_invitation(tx: &mut Tx<'_>, hash: &str) -> Result<Option<User>, StoreError> {
    tx.one(BY_INVITATION, &[hash.into()])?.map(|row| read(&row)).transpose()
}

/// The next users of a tenant by id.
pub fn of_tenant(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    after: Option<PrincipalId>,
    limit: usize,
) -> Result<Vec<User>, StoreError> {
    let after = after.map_or(Value::fixed(""), Value::from);
    let params = [tenant.into(), after, crate::orders::limit_value(limit)];
    tx.query(OF_TENANT, &params)?.iter().map(read).collect()
}

pub fn set_mail(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: PrincipalId,
    mail: Option<&str>,
) -> Result<(), StoreError> {
    tx.queue(SET_MAIL, vec![tenant.into(), id.into(), mail.into()]);
    Ok(())
}

pub fn set_name(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: PrincipalId,
    name: &str,
) -> Result<(), StoreError> {
    tx.queue(SET_NAME, vec![tenant.into(), id.into(), name.into()]);
    Ok(())
}

/// Sets a password whatever it was; an invitation that waits is void then.
pub fn set_password(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: PrincipalId,
    hash: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.queue(SET_PASSWORD, vec![tenant.into(), id.into(), hash.into(), at.into()]);
    Ok(())
}

/// Sets a password in the place of the one with this hash; answers whether that was the one still.
pub fn change_password(
    tx: &mut Tx<'_>,
    user: &User,
    hash: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let old = user.password_hash.as_deref().unwrap_or_default();
    let params = [user.tenant.into(), user.id.into(), hash.into(), at.into(), old.into()];
    Ok(tx.execute(CHANGE_PASSWORD, &params)? > 0)
}

/// Sets the password of whom an invitation was for; answers whether it was there still.
pub fn take_invitation(
    tx: &mut Tx<'_>,
    invitation: &str,
    hash: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(TAKE_INVITATION, &[invitation.into(), hash.into(), at.into()])? > 0)
}

/// Takes the password away, and waits for the one who has the invitation to choose another.
pub fn invite(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: PrincipalId,
    invitation: &str,
    ends: Timestamp,
) -> Result<(), StoreError> {
    tx.queue(INVITE, vec![tenant.into(), id.into(), invitation.into(), ends.into()]);
    Ok(())
}

pub fn factor(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: PrincipalId,
) -> Result<Option<Factor>, StoreError> {
    let read = |row: Row| {
        Ok(Factor {
            seed: row.string(0)?,
            confirmed_at: row.opt_instant(1)?,
            last_step: row.int(2)?,
        })
    };
    tx.one(FACTOR, &[tenant.into(), id.into()])?.map(read).transpose()
}

/// Keeps a seed that is to be confirmed; answers whether it was, for a confirmed one stays.
pub fn put_factor(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: PrincipalId,
    seed: &str,
) -> Result<bool, StoreError> {
    Ok(tx.execute(PUT_FACTOR, &[tenant.into(), id.into(), seed.into()])? > 0)
}

/// Answers whether it was not confirmed before.
pub fn confirm_factor(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: PrincipalId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(CONFIRM_FACTOR, &[tenant.into(), id.into(), at.into()])? > 0)
}

/// Takes the code of a step; answers whether neither it nor a later one was taken before.
pub fn take_step(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: PrincipalId,
    step: i64,
) -> Result<bool, StoreError> {
    Ok(tx.execute(TAKE_STEP, &[tenant.into(), id.into(), step.into()])? > 0)
}

/// Takes the generator away with its recovery codes; answers whether there was one.
pub fn remove_factor(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: PrincipalId,
) -> Result<bool, StoreError> {
    let who = [tenant.into(), id.into()];
    tx.execute(REMOVE_CODES, &who)?;
    Ok(tx.execute(REMOVE_FACTOR, &who)? > 0)
}

/// Puts recovery codes in the place of those before, by their hashes.
pub fn put_codes(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: PrincipalId,
    hashes: &[String],
) -> Result<(), StoreError> {
    tx.execute(REMOVE_CODES, &[tenant.into(), id.into()])?;
    for hash in hashes {
        tx.queue(ADD_CODE, vec![tenant.into(), id.into(), hash.into()]);
    }
    Ok(())
}

/// Takes a recovery code; answers whether it was there and unused.
pub fn take_code(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: PrincipalId,
    hash: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(TAKE_CODE, &[tenant.into(), id.into(), hash.into(), at.into()])? > 0)
}

pub fn codes_left(tx: &mut Tx<'_>, tenant: TenantId, id: PrincipalId) -> Result<u32, StoreError> {
    tx.one(CODES_LEFT, &[tenant.into(), id.into()])?.map_or(Ok(0), |row| row.count(0))
}

/// What a tenant asks of its people beside the password.
pub fn rule(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Option<String>, StoreError> {
    tx.one(RULE, &[tenant.into()])?.map(|row| row.string(0)).transpose()
}

pub fn put_rule(tx: &mut Tx<'_>, tenant: TenantId, rule: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(PUT_RULE, &[tenant.into(), rule.into()])? > 0)
}

fn read(row: &Row) -> Result<User, StoreError> {
    let hash = row.opt_string(7)?;
    let ends = row.opt_instant(8)?;
    Ok(User {
        tenant: TenantId(row.uuid(0)?),
        id: PrincipalId(row.uuid(1)?),
        user_name: row.string(2)?,
        display_name: row.string(3)?,
        mail: row.opt_string(4)?,
        password_hash: row.opt_string(5)?,
        password_at: row.opt_instant(6)?,
        invitation: hash.zip(ends),
        created_at: row.instant(9)?,
    })
}
