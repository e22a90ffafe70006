//! What a browser holds: the session's cookie, what it needs before it has one, and the mark of a
//! browser that was signed in before.

use super::desk::Portal;
use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use prorata_app::sessions::{self, Begun};
use prorata_app::{App, Error};
use sha2::{Digest, Sha256};

pub use prorata_app::sessions::{Session, random_text};

/// Days for which a browser is known again.
const DEVICE_DAYS: u32 = 90;

/// Days for which a browser keeps how its reader wants the pages.
const LOOK_DAYS: u32 = 365;

/// Whether two tokens are the same; the time taken says nothing of where they differ.
pub fn same(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && one.bytes().zip(other.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// A form token as it stands in a page: other letters in each answer, so that pages which are
/// compressed do not tell it by their lengths.
pub fn masked(token: &str) -> String {
    let mask: Vec<u8> = token.bytes().map(|_| rand::random()).collect();
    let hidden = token.bytes().zip(&mask).map(|(byte, mask)| byte ^ mask);
    URL_SAFE_NO_PAD.encode(mask.iter().copied().chain(hidden).collect::<Vec<u8>>())
}

/// Whether a form brings back the token of its session.
pub fn brings_back(text: &str, token: &str) -> bool {
    unmasked(text).is_some_and(|brought| same(&brought, token))
}

/// The token that a page has masked.
fn unmasked(text: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (mask, hidden) = bytes.split_at_checked(bytes.len() / 2)?;
    let token = hidden.iter().zip(mask).map(|(byte, mask)| byte ^ mask);
    String::from_utf8(token.collect()).ok().filter(|_| mask.len() == hidden.len())
}

/// The portal's cookies. Over TLS their names carry the prefix by which a browser refuses them from
/// a plain connection or for a wider domain.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    pub secure: bool,
}

/// What a cookie is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// A session.
    Session,
    /// A sign-in that awaits its code.
    Code,
    /// The token of a form that is there before a session is.
    Form,
    /// A browser that was signed in before.
    Device,
    /// A sign-in at a provider, until the browser is back from there.
    Provider,
    /// The language and the colours that were chosen.
    Look,
}

impl Cookie {
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Cookie::Session, true) => "__Host-prorata",
            (Cookie::Session, false) => "prorata",
            (Cookie::Code, true) => "__Host-prorata-code",
            (Cookie::Code, false) => "prorata-code",
            (Cookie::Form, true) => "__Host-prorata-form",
            (Cookie::Form, false) => "prorata-form",
            (Cookie::Device, true) => "__Host-prorata-device",
            (Cookie::Device, false) => "prorata-device",
            (Cookie::Provider, true) => "__Host-prorata-provider",
            (Cookie::Provider, false) => "prorata-provider",
            (Cookie::Look, true) => "__Host-prorata-look",
            (Cookie::Look, false) => "prorata-look",
        }
    }

    /// Sessions go along when somebody follows a link to here, and what waits for a provider when it
    /// sends the browser back; nothing else does.
    fn same_site(self) -> &'static str {
        if matches!(self, Cookie::Session | Cookie::Provider | Cookie::Look) {
            "Lax"
        } else {
            "Strict"
        }
    }
}

impl Cookies {
    /// What a browser holds; nothing where it holds two of a name, of which one was planted.
    pub fn get(self, headers: &HeaderMap, cookie: Cookie) -> Option<String> {
        let name = cookie.name(self.secure);
        let mut found = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(key, value)| *key == name && !value.is_empty());
        let (_, value) = found.next()?;
        if found.next().is_some() { None } else { Some(value.to_owned()) }
    }

    pub fn set(self, cookie: Cookie, value: &str) -> HeaderValue {
        let days = match cookie {
            Cookie::Device => Some(DEVICE_DAYS),
            Cookie::Look => Some(LOOK_DAYS),
            Cookie::Session | Cookie::Code | Cookie::Form | Cookie::Provider => None,
        };
        let seconds = days.map(|days| days * 24 * 60 * 60);
        self.written(cookie, value, seconds)
    }

    pub fn clear(self, cookie: Cookie) -> HeaderValue {
        self.written(cookie, "", Some(0))
    }

    fn written(self, cookie: Cookie, value: &str, seconds: Option<u32>) -> HeaderValue {
        let (name, same_site) = (cookie.name(self.secure), cookie.same_site());
        let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        let secure = if self.secure { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite={same_site}{age}{secure}");
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

/// The mark of a browser that an account was signed in with: random, dated and signed, so that it
/// says nothing and cannot be made up. It exempts from the brake that strangers can step on, and
/// from nothing else.
#[derive(Clone, Copy)]
pub struct Device<'a>(pub &'a App);

impl Device<'_> {
    /// A new mark for an account.
    pub fn mark(self, account: &str) -> String {
        let day = day_number();
        let random = random_text();
        let signature = self.0.sealer().sign("device", &format!("{random}.{day}.{account}"));
        format!("{random}.{day}.{signature}")
    }

    /// Which browser a mark is of, where it was given out for the account and not too long ago.
    pub fn known(self, mark: &str, account: &str) -> Option<u128> {
        let account = account.trim().to_ascii_lowercase();
        let (rest, signature) = mark.rsplit_once('.')?;
        let (random, day) = rest.split_once('.')?;
        let age = day_number().checked_sub(day.parse().ok()?)?;
        let signed = format!("{random}.{day}.{account}");
        let fits = age <= i64::from(DEVICE_DAYS) && age >= 0;
        (fits && self.0.sealer().is_signed("device", &signed, signature)).then(|| {
            let digest = Sha256::digest(random.as_bytes());
            digest[..16].iter().fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
        })
    }
}

fn day_number() -> i64 {
    jiff::Timestamp::now().as_second().div_euclid(86_400)
}

/// The way in after signing in: the session's cookie, and nothing left of what was before it.
pub fn enter(portal: &Portal, begun: &Begun, next: &str) -> Response {
    let cookies = [
        (SET_COOKIE, portal.cookies.set(Cookie::Session, &begun.cookie)),
        (SET_COOKIE, portal.cookies.clear(Cookie::Code)),
        (SET_COOKIE, portal.cookies.clear(Cookie::Form)),
    ];
    (AppendHeaders(cookies), Redirect::to(next)).into_response()
}

/// Ends what the browser held before it signed in anew: whoever was signed in here is not any more.
///
/// # Errors
/// Those of the database.
pub async fn leave(portal: &Portal, headers: &HeaderMap) -> Result<(), Error> {
    for cookie in [Cookie::Session, Cookie::Code] {
        let Some(held) = portal.cookies.get(headers, cookie) else { continue };
        let ended = portal.app.write_async(move |tx, _| sessions::end(tx, &held)).await?;
        ended.into_iter().for_each(|revoked| portal.app.revoked(revoked));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use prorata_app::clock::Clock;
    use prorata_domain::policy::Book;
    use prorata_store::Store;

    #[test]
    fn a_token_looks_different_in_each_page_and_is_the_same() {
        let token = random_text();
        let (one, other) = (masked(&token), masked(&token));
        assert_ne!(one, other);
        assert!(!one.contains(&token));
        assert_eq!(unmasked(&one), Some(token.clone()));
        assert_eq!(unmasked(&other), Some(token.clone()));
        // As it is it is none.
        assert_ne!(unmasked(&token), Some(token));
        assert_eq!(unmasked("???"), None);
    }

    #[test]
    fn cookies_are_read_and_written() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("a=b; prorata=one=1; __Host-prorata=two"));
        let (plain, secure) = (Cookies { secure: false }, Cookies { secure: true });
        assert_eq!(plain.get(&headers, Cookie::Session).as_deref(), Some("one=1"));
        assert_eq!(secure.get(&headers, Cookie::Session).as_deref(), Some("two"));
        assert_eq!(secure.get(&headers, Cookie::Form), None);
        let set = secure.set(Cookie::Session, "x");
        assert_eq!(set, "__Host-prorata=x; Path=/; HttpOnly; SameSite=Lax; Secure");
        let set = secure.clear(Cookie::Code);
        let gone = "__Host-prorata-code=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0; Secure";
        assert_eq!(set, gone);
        assert!(same("abc", "abc") && !same("abc", "abd") && !same("abc", "ab"));
    }

    #[test]
    fn of_two_cookies_of_a_name_none_is_taken() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("prorata=planted; prorata=own"));
        assert_eq!(Cookies { secure: false }.get(&headers, Cookie::Session), None);
    }

    #[test]
    fn a_browser_is_known_for_its_account_alone() {
        let open = || {
            let store = Store::memory().unwrap();
            App::open(store, Book::built_in().clone(), Clock::System).unwrap()
        };
        let (app, other) = (open(), open());
        let mark = Device(&app).mark("anna");
        let known = Device(&app).known(&mark, " Anna ").unwrap();
        assert_eq!(Device(&app).known(&mark, "anna"), Some(known));
        assert_eq!(Device(&app).known(&mark, "bert"), None);
        assert_eq!(Device(&other).known(&mark, "anna"), None, "another desk's");
        let (random, rest) = mark.split_once('.').unwrap();
        let (day, signature) = rest.split_once('.').unwrap();
        let later: i64 = day.parse::<i64>().unwrap() + 1;
        for forged in [
            format!("{random}.{later}.{signature}"),
            format!("x{random}.{day}.{signature}"),
            format!("{random}.{day}."),
            String::new(),
        ] {
            assert_eq!(Device(&app).known(&forged, "anna"), None, "{forged}");
        }
    }
}
