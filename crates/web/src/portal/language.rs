//! The languages of the pages: what is said comes from message catalogs, `locales/<tag>/*.ftl` in
//! Fluent's format, and numbers and days are written as the language writes them.
//!
//! The language belongs to the request that is answered, so a page asks for a message by its id
//! alone: [`say`] answers in the language in which the request is [`spoken`]. A language is ready
//! when it has a folder of catalogs, a line in [`Language::ALL`] and its files in `catalogs`.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Cow;
use std::future::Future;
use std::sync::LazyLock;

type Bundle = FluentBundle<FluentResource>;

/// A language that the pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    English,
    German,
}

tokio::task_local! {
    static SPOKEN: Language;
}

/// The catalogs of a language: the files of its folder, in the order of their names.
macro_rules! catalogs {
    ($tag:literal: $($name:literal)*) => {
        [$((
            $name,
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/locales/",
                $tag,
                "/",
                $name,
                ".ftl"
            )),
        )),*]
    };
}

macro_rules! chapters {
    ($tag:literal) => {
        catalogs!($tag: "frame" "figures" "reservations" "products" "exchange" "buy" "proof" "refund" "policy" "what-if" "audit" "administration" "home" "customers" "reservation" "access" "requests" "approvals" "sign-in" "trade-in" "support" "countries" "errors")
    };
}

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle("en", &chapters!("en")));
static GERMAN: LazyLock<Bundle> = LazyLock::new(|| bundle("de", &chapters!("de")));

/// Reads the catalogs of a language. They are part of the program, so a fault in them is ours and
/// is found by a test.
fn bundle(tag: &str, chapters: &[(&str, &str)]) -> Bundle {
    let language = tag.parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Marks of direction around each value would be found in copied ids and searched pages.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(number));
    for (name, text) in chapters {
        let read = FluentResource::try_new((*text).to_owned());
        let resource = read.unwrap_or_else(|(resource, faults)| {
            tracing::error!(tag, name, ?faults, "a message catalog is faulty");
            resource
        });
        if let Err(faults) = bundle.add_resource(resource) {
            tracing::error!(tag, name, ?faults, "a message is there twice");
        }
    }
    bundle
}

/// Whole numbers inside of messages are grouped as everywhere else.
fn number<M>(value: &FluentValue, _: &M) -> Option<String> {
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "counts are whole and fit")]
        FluentValue::Number(number) => Some(super::words::count(number.value as i64)),
        _ => None,
    }
}

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::German];

    /// The tag by which browsers and pages name it.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }

    /// What those who speak it call it.
    pub fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::German => "Deutsch",
        }
    }

    pub fn parse(tag: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(tag))
    }

    /// The first language of ours in the order in which a browser wants them.
    pub fn asked_for(headers: &HeaderMap) -> Option<Language> {
        let wanted = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
        let mut ranges: Vec<(&str, f32)> = wanted
            .split(',')
            .map(|range| {
                let (tag, weight) = range.split_once(";q=").unwrap_or((range, "1"));
                (tag.trim(), weight.trim().parse().unwrap_or(0.0))
            })
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        ranges.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        ranges
            .into_iter()
            .find_map(|(tag, _)| Language::parse(tag.split('-').next().unwrap_or(tag)))
    }

    fn bundle(self) -> &'static Bundle {
        match self {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
        }
    }
}

/// The language in which the request at hand is answered; English outside of one.
pub fn spoken() -> Language {
    SPOKEN.try_with(|language| *language).unwrap_or_default()
}

/// Answers in a language.
pub async fn speaking<T>(language: Language, answer: impl Future<Output = T>) -> T {
    SPOKEN.scope(language, answer).await
}

/// The same for what is not awaited, such as a job in another thread.
pub fn speaking_now<T>(language: Language, answer: impl FnOnce() -> T) -> T {
    SPOKEN.sync_scope(language, answer)
}

/// A message of the catalog.
pub fn say(id: &str) -> Cow<'static, str> {
    told(spoken(), id, None)
}

/// A message with values in it, each under the name that the message gives it. A number also
/// chooses between one and many.
pub fn say_with(
    id: &str,
    values: impl IntoIterator<Item = (&'static str, FluentValue<'static>)>,
) -> Cow<'static, str> {
    let values: FluentArgs<'static> = values.into_iter().collect();
    told(spoken(), id, Some(&values))
}

/// What a table that scrolls sideways is called.
pub fn sideways(what: Cow<'static, str>) -> Cow<'static, str> {
    say_with("scrolls-sideways", [("what", what.into())])
}

/// A message with one text in it; for templates.
pub fn say_of(id: &str, name: &'static str, value: impl ToString) -> Cow<'static, str> {
    say_with(id, [(name, value.to_string().into())])
}

/// A message where the catalog has one; for what is named by data.
pub fn say_if_known(id: &str) -> Option<Cow<'static, str>> {
    has(spoken(), id).then(|| say(id))
}

/// The mark of a text that was recorded in English, for the tag around it; nothing on an English
/// page.
pub fn recorded() -> askama::filters::Safe<&'static str> {
    askama::filters::Safe(match spoken() {
        Language::English => "",
        Language::German => " lang=\"en\"",
    })
}

pub fn has(language: Language, id: &str) -> bool {
    language.bundle().has_message(id)
}

/// A message in a language. What a language does not have is said in English, so that a page is
/// never without words; a test finds it.
fn told(language: Language, id: &str, values: Option<&FluentArgs<'static>>) -> Cow<'static, str> {
    let found = [language, Language::English].into_iter().find_map(|language| {
        let bundle = language.bundle();
        let pattern = bundle.get_message(id)?.value()?;
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, values, &mut faults).into_owned();
        if !faults.is_empty() {
            tracing::error!(id, ?faults, "a message could not be written");
        }
        Some(Cow::Owned(text))
    });
    found.unwrap_or_else(|| {
        tracing::error!(id, "there is no such message");
        Cow::Owned(id.to_owned())
    })
}

#[cfg(test)]
mod tests;
