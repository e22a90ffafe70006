//! What somebody looks with, in a few words: which browser, on which system.

use super::language::say_with;

/// What browsers call themselves, the more particular first: most also name those they descend from.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Systems, the more particular first: Android also says Linux, and all of Apple's that they are like a Mac.
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

/// The browser and the system; of what does not call itself a browser, what it sent.
pub fn short(sent: &str) -> String {
    let of = |known: &[(&str, &'static str)]| {
        known.iter().find(|(part, _)| sent.contains(part)).map(|(_, name)| *name)
    };
    match (of(&BROWSERS), of(&SYSTEMS)) {
        (Some(browser), Some(system)) if sent.starts_with("Mozilla/") => {
            let values = [("browser", browser.into()), ("system", system.into())];
            say_with("browser-on-system", values).into_owned()
        }
        _ => sent.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_browser_is_told_by_its_own_name_and_a_program_by_what_it_sent() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(short(chrome), "Chrome on Linux");
        assert_eq!(short(&format!("{chrome} Edg/140.0.0.0")), "Edge on Linux");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 \
                     (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
        assert_eq!(short(phone), "Safari on iPhone");
        assert_eq!(short("curl/8.5.0"), "curl/8.5.0");
        assert_eq!(short("<b>Chrome/1 Linux</b>"), "<b>Chrome/1 Linux</b>");
    }
}
