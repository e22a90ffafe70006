//! The second thing that a person proves who they are with: one-time codes by the clock (RFC 6238),
//! and recovery codes for the day the telephone is lost.
//!
//! Each code is taken once: a step that was used, and every one before it, is not used again.

use crate::sealed::Sealer;
use crate::{App, Error};
use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_store::users::{self, User};
use prorata_store::{StoreError, Tx};
use rand::RngCore;
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};

/// Steps before and after the present one whose codes are taken: clocks of telephones differ.
const WINDOW_STEPS: u16 = 1;

/// Bytes of a seed: as many as its hash has.
const SEED_BYTES: usize = 20;

/// Recovery codes that are given out together.
pub const RECOVERY_CODES: usize = 10;

/// Characters of a recovery code, of five bits each.
const RECOVERY_CHARS: usize = 28;

/// Letters and digits that nobody mistakes for another.
const RECOVERY_ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// What an application that makes codes is told.
pub struct Enrolment {
    /// `otpauth://totp/…`, also as a picture.
    pub uri: String,
    /// The seed to type in where no picture can be taken, in base 32.
    pub seed: String,
}

/// What a tenant asks of its people beside the password.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rule {
    /// Nothing; who has a second factor uses it.
    #[default]
    Optional,
    /// A session without a second factor looks but moves no money.
    Money,
}

impl Rule {
    pub fn as_str(self) -> &'static str {
        match self {
            Rule::Optional => "optional",
            Rule::Money => "money",
        }
    }

    pub fn parse(text: &str) -> Option<Rule> {
        [Rule::Optional, Rule::Money].into_iter().find(|rule| rule.as_str() == text)
    }
}

/// What a tenant asks for.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn rule(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Rule, Error> {
    let kept = users::rule(tx, tenant)?;
    kept.map_or(Ok(Rule::Optional), |kept| {
        Rule::parse(&kept).ok_or_else(|| Error::Broken(format!("`{kept}` is no rule")))
    })
}

/// Whether a person has a second factor that counts.
pub fn is_enrolled(tx: &mut Tx<'_>, tenant: TenantId, id: PrincipalId) -> Result<bool, Error> {
    Ok(users::factor(tx, tenant, id)?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// A seed for a new generator of codes; it counts once [`confirm`] was given one of its codes.
///
/// # Errors
/// [`Error::Malformed`] where one counts already.
pub fn enrol(tx: &mut Tx<'_>, app: &App, user: &User) -> Result<Enrolment, Error> {
    let mut seed = [0; SEED_BYTES];
    rand::rng().fill_bytes(&mut seed);
    let sealed = app.sealer.seal(&about(user.tenant, user.id), &seed)?;
    if !users::put_factor(tx, user.tenant, user.id, &sealed)? {
        let said = "is there already; it has to be taken away before another can be set up";
        return Err(Error::malformed("secondFactor", said));
    }
    enrolment(user, &seed)
}

/// The same once more, as long as it is not confirmed.
pub fn pending(tx: &mut Tx<'_>, app: &App, user: &User) -> Result<Option<Enrolment>, Error> {
    let factor = users::factor(tx, user.tenant, user.id)?;
    let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_none()) else {
        return Ok(None);
    };
    let seed = app.sealer.open_sealed(&about(user.tenant, user.id), &factor.seed)?;
    enrolment(user, &seed).map(Some)
}

fn enrolment(user: &User, seed: &[u8]) -> Result<Enrolment, Error> {
    let totp = totp(user, seed)?;
    let uri = totp.to_url().map_err(|error| Error::Broken(error.to_string()))?;
    Ok(Enrolment { uri, seed: totp.secret().to_base32() })
}

fn totp(user: &User, seed: &[u8]) -> Result<Totp, Error> {
    let seed: Secret = seed.to_vec().into();
    // A colon would end the name of the issuer in the address.
    Builder::new()
        .with_secret(seed)
        .with_skew(WINDOW_STEPS)
        .with_issuer(Some("Prorata"))
        .with_account_name(user.user_name.replace(':', " "))
        .build()
        .map_err(|error| Error::Broken(error.to_string()))
}

fn about(tenant: TenantId, id: PrincipalId) -> String {
    format!("the second factor of {tenant}/{id}")
}

/// Lets a generator count, whose code this is; answers recovery codes, which are shown once.
///
/// # Errors
/// [`Error::Malformed`] for another code, and where nothing waits to be confirmed.
pub fn confirm(tx: &mut Tx<'_>, app: &App, user: &User, code: &str) -> Result<Vec<String>, Error> {
    let wrong = || Error::malformed("code", "is not the code that the application shows now");
    if !takes_code(tx, &app.sealer, user, code)? {
        return Err(wrong());
    }
    if !users::confirm_factor(tx, user.tenant, user.id, Timestamp::now())? {
        return Err(wrong());
    }
    new_recovery_codes(tx, user)
}

/// New recovery codes in the place of the old ones.
pub fn new_recovery_codes(tx: &mut Tx<'_>, user: &User) -> Result<Vec<String>, Error> {
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
    let hashes: Vec<String> = codes.iter().map(|code| recovery_hash(user, code)).collect();
    users::put_codes(tx, user.tenant, user.id, &hashes)?;
    Ok(codes)
}

fn recovery_code() -> String {
    let mut bytes = [0; RECOVERY_CHARS];
    rand::rng().fill_bytes(&mut bytes);
    let letter = |byte: &u8| char::from(RECOVERY_ALPHABET[usize::from(byte % 32)]);
    let letters: Vec<char> = bytes.iter().map(letter).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// A hundred and forty random bits need no slow hash.
fn recovery_hash(user: &User, code: &str) -> String {
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let digest = Sha256::digest(format!("{}/{}/{plain}", user.tenant, user.id));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Takes a one-time code or a recovery code of a second factor that counts; answers whether it was
/// one, and is used up now.
pub(crate) fn takes(tx: &mut Tx<'_>, app: &App, user: &User, code: &str) -> Result<bool, Error> {
    if !is_enrolled(tx, user.tenant, user.id)? {
        return Ok(false);
    }
    if code.chars().filter(char::is_ascii_alphanumeric).count() == RECOVERY_CHARS {
        let (hash, now) = (recovery_hash(user, code), Timestamp::now());
        return Ok(users::take_code(tx, user.tenant, user.id, &hash, now)?);
    }
    takes_code(tx, &app.sealer, user, code)
}

fn takes_code(tx: &mut Tx<'_>, sealer: &Sealer, user: &User, code: &str) -> Result<bool, Error> {
    let Some(factor) = users::factor(tx, user.tenant, user.id)? else { return Ok(false) };
    let seed = sealer.open_sealed(&about(user.tenant, user.id), &factor.seed)?;
    let typed: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    let now = u64::try_from(Timestamp::now().as_second()).unwrap_or_default();
    let Some(step) = totp(user, &seed)?.check(&typed, now) else { return Ok(false) };
    let step = i64::try_from(step).map_err(|error| Error::Broken(error.to_string()))?;
    Ok(users::take_step(tx, user.tenant, user.id, step)?)
}

/// Takes the second factor and its recovery codes away; answers whether there was one.
pub(crate) fn remove(tx: &mut Tx<'_>, user: &User) -> Result<bool, StoreError> {
    users::remove_factor(tx, user.tenant, user.id)
}
