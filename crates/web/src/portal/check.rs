//! A small reader of our own pages for tests: whether the tags are balanced, and the rules that
//! every page keeps.

/// A tag as it stands in a page.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    closes: bool,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

const VOID: [&str; 6] = ["meta", "link", "input", "img", "br", "wbr"];

/// Everything that is wrong with a page; nothing when it keeps the rules.
pub fn faults(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let spoken = |tag: &&str| html.starts_with(&format!("<!doctype html>\n<html lang=\"{tag}\""));
    if !["en", "de"].iter().any(spoken) {
        faults.push("it does not begin with the doctype and a language".to_owned());
    }
    let tags = match tags(html) {
        Ok(tags) => tags,
        Err(fault) => return vec![fault],
    };
    balance(&tags, &mut faults);
    headings(&tags, &mut faults);
    references(&tags, &mut faults);
    labels(&tags, &mut faults);
    forms(&tags, &mut faults);
    for tag in tags.iter().filter(|tag| !tag.closes) {
        safe(tag, &mut faults);
    }
    faults
}

/// Reads all tags. A `<` that begins none, or a value without quotes, is a fault.
fn tags(html: &str) -> Result<Vec<Tag>, String> {
    let mut tags = Vec::new();
    let mut rest = html.strip_prefix("<!doctype html>").unwrap_or(html);
    while let Some(start) = rest.find('<') {
        let near: String = rest[start..].chars().take(60).collect();
        let (tag, after) = tag(&rest[start + 1..]).ok_or(format!("no tag at `{near}`"))?;
        tags.push(tag);
        rest = after;
    }
    Ok(tags)
}

fn tag(text: &str) -> Option<(Tag, &str)> {
    let (closes, text) = text.strip_prefix('/').map_or((false, text), |text| (true, text));
    let end = text.find(|c: char| !c.is_ascii_alphanumeric())?;
    let name = text[..end].to_owned();
    if name.is_empty() {
        return None;
    }
    let mut attributes = Vec::new();
    let mut rest = text[end..].trim_start();
    loop {
        if let Some(after) = rest.strip_prefix('>') {
            return Some((Tag { name, attributes, closes }, after));
        }
        let end = rest.find(|c: char| c == '=' || c == '>' || c.is_whitespace())?;
        let key = rest[..end].to_owned();
        if key.is_empty() || key.contains(['<', '"', '\'']) {
            return None;
        }
        rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(quoted) => {
                let end = quoted.find('"')?;
                rest = &quoted[end + 1..];
                quoted[..end].to_owned()
            }
            None if rest.starts_with('=') => return None,
            None => String::new(),
        };
        attributes.push((key, value));
        rest = rest.trim_start();
    }
}

fn balance(tags: &[Tag], faults: &mut Vec<String>) {
    let mut open: Vec<&str> = Vec::new();
    for tag in tags {
        let void = VOID.contains(&tag.name.as_str());
        match (tag.closes, void) {
            (false, false) => open.push(&tag.name),
            (true, true) => faults.push(format!("</{}> closes what has no inside", tag.name)),
            (true, false) if open.last() == Some(&tag.name.as_str()) => {
                open.pop();
            }
            (true, false) => {
                faults.push(format!("</{}> where <{:?}> is open", tag.name, open.last()));
                return;
            }
            (false, true) => {}
        }
    }
    if !open.is_empty() {
        faults.push(format!("never closed: {open:?}"));
    }
}

fn opening<'t>(tags: &'t [Tag], name: &'static str) -> impl Iterator<Item = &'t Tag> {
    tags.iter().filter(move |tag| !tag.closes && tag.name == name)
}

fn headings(tags: &[Tag], faults: &mut Vec<String>) {
    for (name, wanted) in [("h1", 1), ("main", 1), ("title", 1)] {
        let found = opening(tags, name).count();
        if found != wanted {
            faults.push(format!("{found} <{name}>"));
        }
    }
    for header in opening(tags, "th").filter(|header| header.get("scope").is_none()) {
        faults.push(format!("a <th> without scope: {:?}", header.attributes));
    }
    for image in opening(tags, "img").filter(|image| image.get("alt").is_none()) {
        faults.push(format!("an <img> without alt: {:?}", image.attributes));
    }
}

/// Ids are there once, and what refers to one finds it.
fn references(tags: &[Tag], faults: &mut Vec<String>) {
    let mut ids: Vec<&str> = tags.iter().filter_map(|tag| tag.get("id")).collect();
    ids.sort_unstable();
    for pair in ids.windows(2).filter(|pair| pair[0] == pair[1]) {
        faults.push(format!("the id `{}` is there twice", pair[0]));
    }
    for tag in tags {
        for key in ["for", "list", "aria-describedby", "aria-labelledby"] {
            for id in tag.get(key).unwrap_or_default().split_whitespace() {
                if !ids.contains(&id) {
                    faults.push(format!("{key} names `{id}`, which is not there"));
                }
            }
        }
    }
}

fn labels(tags: &[Tag], faults: &mut Vec<String>) {
    let labelled: Vec<&str> = opening(tags, "label").filter_map(|tag| tag.get("for")).collect();
    let fields = ["input", "select", "textarea"].into_iter().flat_map(|name| opening(tags, name));
    for field in fields.filter(|field| field.get("type") != Some("hidden")) {
        if !field.get("id").is_some_and(|id| labelled.contains(&id)) {
            faults.push(format!("a field without a label: {:?}", field.attributes));
        }
    }
}

/// Every form that posts carries the form token; but for the one that sets how this browser shows
/// pages, which also those have who are not signed in.
fn forms(tags: &[Tag], faults: &mut Vec<String>) {
    for (start, form) in tags.iter().enumerate().filter(|(_, tag)| tag.name == "form") {
        let look = form.get("action") == Some("/look");
        if form.closes || look || form.get("method") != Some("post") {
            continue;
        }
        let inside = tags[start + 1..].iter().take_while(|tag| tag.name != "form");
        let tokens = inside
            .filter(|tag| tag.get("name") == Some("form_token"))
            .filter(|tag| tag.get("value").is_some_and(|value| !value.is_empty()));
        if tokens.count() != 1 {
            faults.push(format!("a form without its token: {:?}", form.attributes));
        }
    }
}

/// Nothing runs but our own script, and nothing comes from elsewhere.
fn safe(tag: &Tag, faults: &mut Vec<String>) {
    let ours = |from: &str| from.starts_with("/assets/portal-") && from.ends_with(".js");
    if tag.name == "script" && !tag.get("src").is_some_and(ours) {
        faults.push("there is a <script> that is not ours".to_owned());
    }
    if ["iframe", "object", "embed", "base", "style"].contains(&tag.name.as_str()) {
        faults.push(format!("there is a <{}>", tag.name));
    }
    for (key, value) in &tag.attributes {
        if key == "style" || key.starts_with("on") {
            faults.push(format!("`{key}` on <{}>", tag.name));
        }
        let leads = ["href", "src", "action", "formaction"].contains(&key.as_str());
        let ours = value.starts_with('#') || value.starts_with('/') && !value.starts_with("//");
        if leads && !ours {
            faults.push(format!("`{key}` leads to `{value}`"));
        }
    }
}
