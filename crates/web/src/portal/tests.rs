//! The rules that every page keeps, checked on its samples.

use super::language::{Language, speaking_now};
use super::{assets, check, samples};

#[test]
fn every_sample_of_every_page_keeps_the_rules() {
    let mut names = Vec::new();
    for language in Language::ALL {
        let checked = || {
            samples::all()
                .into_iter()
                .map(|(name, html)| (name, check::faults(&html), html))
                .collect()
        };
        let checked: Vec<_> = speaking_now(language, checked);
        for (name, faults, html) in checked {
            assert!(faults.is_empty(), "{name}, {language:?}: {faults:#?}\n{html}");
            let speaks = format!("<html lang=\"{}\"", language.tag());
            assert!(html.contains(&speaks) && html.contains(assets::script()), "{name}");
            names.push(name);
        }
    }
    names.dedup();
    assert!(names.len() >= 20, "{names:?}");
}

#[test]
fn hostile_names_are_shown_and_never_read_as_markup() {
    let mut shown = 0;
    for (name, html) in samples::all() {
        assert_eq!(html.matches("<script").count(), 1, "{name}");
        assert!(!html.contains("onerror=\""), "{name}");
        shown += usize::from(html.contains("&#60;script&#62;"));
    }
    assert!(shown >= 5, "only {shown} samples show the hostile name");
}

/// Every template is a page that has samples, or a part that a page includes.
#[test]
fn no_template_is_without_a_sample() {
    let pages = samples::pages();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    let texts: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    for (name, text) in &texts {
        let extends = text.starts_with("{% extends");
        let included = texts.iter().any(|(_, other)| {
            other.contains(&format!("include \"{name}\""))
                || other.contains(&format!("extends \"{name}\""))
        });
        assert!(extends != included, "{name} is neither a page nor a part");
        assert_eq!(extends, pages.contains(&name.as_str()), "{name}");
    }
}

/// The colours of the light scheme, 0, or of the dark one, 1, by their names in the stylesheet.
fn scheme(which: usize) -> Vec<(String, [f64; 3])> {
    let named = |line: &'static str| line.trim().strip_prefix("--")?.split_once(": light-dark(");
    assets::STYLE
        .lines()
        .filter_map(named)
        .filter_map(|(name, both)| {
            Some((name, both.strip_suffix(");")?.split(", ").nth(which)?.strip_prefix('#')?))
        })
        .map(|(name, hex)| {
            let part = |at: usize| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
            (name.to_owned(), [part(0), part(2), part(4)])
        })
        .collect()
}

/// How much two colours differ in brightness, as WCAG 2 reckons it.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let linear = |part: f64| {
        let part = part / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let bright = |[red, green, blue]: [f64; 3]| {
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) + 0.05
    };
    let (one, other) = (bright(one), bright(other));
    if one > other { one / other } else { other / one }
}

#[test]
fn every_text_stands_out_from_its_ground_in_both_schemes() {
    for (name, colours) in [("light", scheme(0)), ("dark", scheme(1))] {
        let colour = |wanted: &str| {
            let found = colours.iter().find(|(name, _)| name == wanted);
            found.unwrap_or_else(|| panic!("no --{wanted} in the {name} scheme")).1
        };
        for (text, ground, least) in [
            ("ink", "ground", 7.0),
            ("ink", "panel", 7.0),
            ("ink", "accent-soft", 7.0),
            ("ink", "not-met-soft", 7.0),
            ("soft", "ground", 4.5),
            ("soft", "panel", 4.5),
            ("soft", "not-met-soft", 4.5),
            ("soft", "accent-soft", 4.5),
            ("accent", "ground", 4.5),
            ("accent", "panel", 4.5),
            ("accent", "accent-soft", 4.5),
            ("accent-ink", "accent", 4.5),
            ("met", "panel", 4.5),
            ("met", "met-soft", 4.5),
            ("met", "ground", 4.5),
            ("not-met", "panel", 4.5),
            ("not-met", "not-met-soft", 4.5),
            ("not-met", "ground", 4.5),
            ("panel", "not-met", 4.5),
            ("aside", "aside-soft", 4.5),
            ("aside", "panel", 4.5),
            ("soon", "soon-soft", 4.5),
            ("line-strong", "panel", 3.0),
            ("chart-1", "panel", 3.0),
            ("chart-2", "panel", 3.0),
            ("chart-3", "panel", 3.0),
        ] {
            let found = contrast(colour(text), colour(ground));
            assert!(found >= least, "{name}: {text} on {ground} has {found:.2}");
        }
    }
}

#[test]
fn the_stylesheet_fetches_nothing() {
    let css = assets::STYLE;
    for word in ["url(", "@import", "http", "@font-face"] {
        assert!(!css.contains(word), "{word}");
    }
}

/// Pages are made by the server alone. The script moves what came from there, makes nothing of
/// texts, keeps nothing in the browser, and asks nobody else.
#[test]
fn the_script_makes_no_markup_and_keeps_nothing() {
    let script = assets::SCRIPT_TEXT;
    for word in [
        "innerHTML =",
        "outerHTML =",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "import(",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "document.cookie",
        "postMessage",
        "__proto__",
        "http:",
        "https:",
    ] {
        assert!(!script.contains(word), "{word}");
    }
}

#[test]
fn the_checker_sees_what_it_is_for() {
    let page = |body: &str| {
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><title>t</title></head>\
             <body><main><h1>h</h1>{body}</main></body></html>"
        )
    };
    assert_eq!(check::faults(&page("<p>ok</p>")), Vec::<String>::new());
    for bad in [
        "<p>",
        "</p>",
        "<script></script>",
        "<p style=\"color: red\"></p>",
        "<p onclick=\"x\"></p>",
        "<a href=\"https://example.com\"></a>",
        "<a href=\"//example.com\"></a>",
        "<a href=\"javascript:x\"></a>",
        "<input name=\"x\">",
        "<h1></h1>",
        "<p id=\"a\"></p><p id=\"a\"></p>",
        "<label for=\"nobody\"></label>",
        "<form method=\"post\"></form>",
        "<form method=\"post\"><input type=\"hidden\" name=\"form_token\" value=\"\"></form>",
        "1 < 2",
        "<p class=bare></p>",
    ] {
        assert!(!check::faults(&page(bad)).is_empty(), "{bad}");
    }
}
