//! The rules that every page keeps, checked on its samples.

use super::{check, samples};

#[test]
fn every_sample_of_every_page_keeps_the_rules() {
    let mut names = Vec::new();
    for (name, html) in samples::all() {
        let faults = check::faults(&html);
        assert!(faults.is_empty(), "{name}: {faults:#?}\n{html}");
        names.push(name);
    }
    names.dedup();
    assert!(names.len() >= 20, "{names:?}");
}

#[test]
fn hostile_names_are_shown_and_never_read_as_markup() {
    let mut shown = 0;
    for (name, html) in samples::all() {
        assert!(!html.contains("<script"), "{name}");
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
