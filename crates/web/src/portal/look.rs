//! How a reader wants the pages: in which language, and light or dark. Both are kept in a cookie of
//! the browser, so that they hold before signing in as well.

use super::desk::{Portal, fields, is_foreign, not_our_form};
use super::language::Language;
use super::session::Cookie;
use super::sign_in::is_own;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{REFERER, SET_COOKIE};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use std::sync::Arc;

/// Light, dark, or as the reader's system is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    pub fn word(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    fn parse(text: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.word() == text)
    }
}

/// What a browser was set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    pub language: Language,
    pub theme: Theme,
}

tokio::task_local! {
    static SEEN: Theme;
}

impl Look {
    /// What the cookie says; the language else as the browser asks for it.
    pub fn of(portal: &Portal, headers: &HeaderMap) -> Look {
        let kept = portal.cookies.get(headers, Cookie::Look).unwrap_or_default();
        let (language, theme) = kept.split_once('.').unwrap_or(("", ""));
        Look {
            language: Language::parse(language)
                .or_else(|| Language::asked_for(headers))
                .unwrap_or_default(),
            theme: Theme::parse(theme).unwrap_or_default(),
        }
    }

    /// Answers with this look.
    pub async fn around<T>(self, answer: impl Future<Output = T>) -> T {
        super::language::speaking(self.language, SEEN.scope(self.theme, answer)).await
    }
}

/// The theme of the request at hand.
pub fn theme() -> Theme {
    SEEN.try_with(|theme| *theme).unwrap_or_default()
}

/// Keeps what the reader chose, and leads back to where it was chosen. It changes nothing but this
/// browser, so that somebody who is not signed in may do it too; another site may not.
pub async fn submit(State(portal): State<Arc<Portal>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (headers, old) = (parts.headers.clone(), Look::of(&portal, &parts.headers));
    if is_foreign(&headers) {
        return not_our_form(&portal, None);
    }
    let request = Request::from_parts(parts, body);
    let fields = match fields(request, &portal, None).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let look = Look {
        language: Language::parse(&fields.one("language")).unwrap_or(old.language),
        theme: Theme::parse(&fields.one("theme")).unwrap_or(old.theme),
    };
    let kept = format!("{}.{}", look.language.tag(), look.theme.word());
    let cookie = AppendHeaders([(SET_COOKIE, portal.cookies.set(Cookie::Look, &kept))]);
    (cookie, Redirect::to(&page_of(&headers))).into_response()
}

/// The page of ours from which a form was sent; the portal's policy on referrers lets browsers say.
fn page_of(headers: &HeaderMap) -> String {
    let text = headers.get(REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = text.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    path.map(|(_, path)| format!("/{path}"))
        .filter(|path| is_own(path))
        .unwrap_or_else(|| "/".to_owned())
}
