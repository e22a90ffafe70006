//! The series of a virtual machine size, read from its name.

/// The series as clauses name it: `Standard_D2s_v3` is `Dsv3`, `F1` is `F`, `B2ms` is `Bv1`.
///
/// A name is `[tier_]family + size + features [_extra][_version]`; the series is the family, the
/// features that make a series of their own, extras that are not mere numbers, and the version.
/// Left out are constrained cores (`E16-4s_v5`), isolation (`i`), the `Promo` offer, and the
/// letters that only say how much memory a size has in the families where they say no more.
/// Letter case of the input does not matter. `None` for a name that is not a size, such as a
/// dedicated host type.
pub fn vm_series(sku: &str) -> Option<String> {
    let lower = sku.trim().to_ascii_lowercase();
    let name = lower.strip_prefix("standard_").or_else(|| lower.strip_prefix("basic_"));
    let mut parts = name.unwrap_or(&lower).split('_');
    let (family, features) = family_and_features(parts.next()?)?;

    let (mut extras, mut version) = (String::new(), "");
    for part in parts {
        if is_version(part) {
            version = part;
        } else if part.starts_with("type") || part.is_empty() {
            return None;
        } else if !matches!(part, "promo" | "special") && !is_number(part) {
            // Confidential computing marks are lower case, accelerators such as H100 are not.
            match part.bytes().any(|byte| byte.is_ascii_digit()) {
                true => extras.push_str(&part.to_ascii_uppercase()),
                false => extras.push_str(part),
            }
        }
    }
    if family == "B" && version.is_empty() {
        return Some("Bv1".to_owned());
    }
    Some(format!("{}{}{extras}{version}", family_name(&family), series_features(&family, features)))
}

/// The newest version that sizes are looked for in.
const VERSION_MAX: u32 = 9;

/// The names that a size would have in later versions of its series: `Standard_D2_v4` and on for
/// `Standard_D2_v3`. Whether there is such a size is for a price list to say.
pub fn later_versions(sku: &str) -> impl Iterator<Item = String> + '_ {
    let parsed = sku.rsplit_once("_v").and_then(|(base, version)| {
        let version: u32 = version.parse().ok()?;
        Some((base, version))
    });
    let (base, version) = parsed.unwrap_or((sku, 1));
    (version + 1..=VERSION_MAX).map(move |version| format!("{base}_v{version}"))
}

/// `d` + `2` + `ds` of `d2ds`, and `e` + `as` of `e64-16as`; `None` when it does not look so.
fn family_and_features(base: &str) -> Option<(String, &str)> {
    let digits_at = base.find(|letter: char| letter.is_ascii_digit())?;
    let (family, rest) = base.split_at(digits_at);
    let features = rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '-');
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
    if family.is_empty() || family.len() > 4 || !plain(family) || !plain(features) {
        return None;
    }
    // "Dsv3_Type3" and its like: the version stands where a size would.
    if family.ends_with('v') && family != "nv" {
        return None;
    }
    Some((family.to_ascii_uppercase(), features))
}

/// The first series wrote premium storage as a family letter: DS and GS are D and G with `s`.
fn family_name(family: &str) -> &str {
    match family {
        "DS" => "Ds",
        "GS" => "Gs",
        other => other,
    }
}

fn series_features(family: &str, features: &str) -> String {
    let memory_only: &[char] = match family {
        "B" | "M" => &['l', 'm', 't'],
        "NG" | "NV" => &['m'],
        _ => &[],
    };
    features.chars().filter(|letter| *letter != 'i' && !memory_only.contains(letter)).collect()
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(is_number)
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}
