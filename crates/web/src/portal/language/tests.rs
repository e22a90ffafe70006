//! The catalogs against each other and against the sources that ask for their messages.

use super::*;
use std::collections::BTreeSet;
use std::path::Path;

/// The ids of a language's messages, as its files list them.
fn ids(chapters: &[(&str, &str)]) -> BTreeSet<String> {
    let lines = chapters.iter().flat_map(|(_, text)| text.lines());
    let named = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    named.filter_map(|line| line.split_once(" =")).map(|(id, _)| id.to_owned()).collect()
}

#[test]
fn every_catalog_is_read_and_says_the_same_things() {
    for (tag, chapters) in [("en", &chapters!("en")), ("de", &chapters!("de"))] {
        for (name, text) in chapters {
            let read = FluentResource::try_new((*text).to_owned());
            assert!(read.is_ok(), "{tag}/{name}: {:?}", read.err().map(|(_, faults)| faults));
        }
        let listed: usize =
            chapters.iter().map(|chapter| ids(std::slice::from_ref(chapter)).len()).sum();
        assert_eq!(listed, ids(chapters).len(), "{tag}: an id is there twice");
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/locales");
        let files = std::fs::read_dir(Path::new(folder).join(tag)).unwrap().count();
        assert_eq!(files, chapters.len(), "{tag}: a file is not among the chapters");
    }
    let (english, german) = (ids(&chapters!("en")), ids(&chapters!("de")));
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        one.difference(other).cloned().collect::<Vec<_>>()
    };
    assert_eq!(only(&english, &german), Vec::<String>::new(), "not said in German");
    assert_eq!(only(&german, &english), Vec::<String>::new(), "not said in English");
}

/// Values that a message takes, `{ $name }`, are the same in both languages: a value forgotten in
/// one is a fact that its readers never see.
#[test]
fn messages_take_the_same_values_in_both_languages() {
    let values = |chapters: &[(&str, &str)]| {
        let mut found: Vec<(String, BTreeSet<String>)> = Vec::new();
        let lines = chapters.iter().flat_map(|(_, text)| text.lines());
        for line in lines.filter(|line| !line.starts_with('#')) {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                let id = line.split_once(" =").map_or(line, |(id, _)| id);
                found.push((id.to_owned(), BTreeSet::new()));
            }
            let Some((_, taken)) = found.last_mut() else { continue };
            let named = line.split('$').skip(1);
            taken.extend(named.map(|rest| {
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
            }));
        }
        found.into_iter().collect::<BTreeSet<_>>()
    };
    let (english, german) = (values(&chapters!("en")), values(&chapters!("de")));
    let differing: Vec<_> = english.symmetric_difference(&german).collect();
    assert!(differing.is_empty(), "{differing:?}");
}

/// All sources and templates of the portal, with their names.
fn sources() -> Vec<(String, String)> {
    fn read(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, found);
            } else {
                let name = path.to_str().unwrap().to_owned();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/portal")), &mut found);
    read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")), &mut found);
    found
}

#[test]
fn every_message_that_is_asked_for_is_there() {
    let mut asked = 0;
    for (name, text) in sources() {
        for call in ["say(\"", "say_of(\"", "say_with(\"", "say_with(\n            \""] {
            for rest in text.split(call).skip(1) {
                let id = rest.split('"').next().unwrap_or_default();
                asked += 1;
                assert!(has(Language::English, id), "{name} asks for {id}");
            }
        }
    }
    assert!(asked > 20, "only {asked} messages are asked for");
}

#[test]
fn browsers_are_answered_in_the_first_language_of_ours() {
    for (wanted, found) in [
        ("de-DE,de;q=0.9,en;q=0.8", Some(Language::German)),
        ("en;q=0.5, de;q=0.7", Some(Language::German)),
        ("fr, en-GB;q=0.3", Some(Language::English)),
        ("de;q=0, en", Some(Language::English)),
        ("fr", None),
        ("", None),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, wanted.parse().unwrap());
        assert_eq!(Language::asked_for(&headers), found, "{wanted}");
    }
    assert_eq!(Language::asked_for(&HeaderMap::new()), None);
}

#[test]
fn numbers_choose_between_one_and_many_and_are_grouped() {
    let units = |language, count: u32| {
        speaking_now(language, || say_with("units", [("count", count.into())]).into_owned())
    };
    assert_eq!(units(Language::English, 1), "1 unit");
    assert_eq!(units(Language::English, 12_000), "12,000 units");
    assert_eq!(units(Language::German, 1), "1 Einheit");
    assert_eq!(units(Language::German, 12_000), "12.000 Einheiten");
}

/// What a template says by itself, in texts and in attributes that are read out.
fn own_words(template: &str) -> Vec<String> {
    let mut text = template.to_owned();
    for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}"), ("<code>", "</code>")] {
        while let Some(start) = text.find(open) {
            let end = text[start..].find(close).map_or(text.len(), |end| start + end + close.len());
            text.replace_range(start..end, "\u{0}");
        }
    }
    let mut said = Vec::new();
    for attribute in ["aria-label", "title", "placeholder", "alt", "data-label"] {
        let begins = format!(" {attribute}=\"");
        let values = text.split(&begins).skip(1);
        said.extend(values.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
    }
    said.extend(text.split('>').filter_map(|rest| rest.split('<').next()).map(str::to_owned));
    // Names are the same in every language.
    for words in &mut said {
        for name in ["Prorata", "UTC", "CSV", "JSON", "SHA", "Standard_D2s_v5", "\u{0}"] {
            *words = words.replace(name, " ");
        }
    }
    said.retain(|words| words.chars().any(char::is_alphabetic));
    said
}

#[test]
fn templates_have_no_words_of_their_own() {
    let (sources, mut faults) = (sources(), Vec::new());
    for (name, text) in sources.iter().filter(|(name, _)| name.ends_with(".html")) {
        let file = Path::new(name).file_name().and_then(|name| name.to_str()).unwrap();
        faults.extend(own_words(text).iter().map(|words| format!("{file}: {}", words.trim())));
    }
    assert!(faults.is_empty(), "{} texts:\n{}", faults.len(), faults.join("\n"));
    assert_eq!(own_words("<p title=\"A\">b {{ c }} <br>d{% e %}</p>{{ f }}").len(), 3);
}

/// What is said in English alone: a name, what is recorded, and what is left when no page is.
const ENGLISH: [&str; 7] = [
    "Microsoft Entra ID",
    "This page could not be written.",
    "No longer needed",
    "Bought the wrong product, region or quantity",
    "Replaced by something else",
    "To save cost",
    "Another reason",
];

/// Sentences in the code of pages are for tests, logs and comments.
#[test]
fn pages_have_no_sentences_in_their_code() {
    let mut faults = Vec::new();
    for (name, text) in sources() {
        let ours = name.ends_with(".rs") && !name.contains("/samples") && !name.contains("tests");
        if !ours || name.ends_with("/check.rs") && !name.contains("/access/") {
            continue;
        }
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let lines = code.lines().map(str::trim).filter(|line| !line.starts_with("//"));
        for line in lines.filter(|line| !line.contains("tracing::") && !line.contains("reason =")) {
            let texts = line.split('"').skip(1).step_by(2);
            for text in texts.filter(|text| !ENGLISH.contains(text)) {
                let mut words = text.split(' ');
                let capital = words.next().is_some_and(|word| {
                    let mut letters = word.chars();
                    letters.next().is_some_and(char::is_uppercase)
                        && letters.clone().count() > 0
                        && letters.all(char::is_lowercase)
                });
                if capital && words.next().is_some_and(|word| word.chars().any(char::is_alphabetic))
                {
                    faults.push(format!("{name}: {text}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} texts:\n{}", faults.len(), faults.join("\n"));
}
