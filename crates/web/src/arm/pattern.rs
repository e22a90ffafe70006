//! Patterns of paths.

use crate::uri::Path;

/// A path with fixed segments, compared without case, and named ones.
///
/// `{name}` takes one segment. `{name*}` takes any number of segments, none too, and stands at most
/// once in a pattern; it is for operations on any scope, as
/// `/{scope*}/providers/Microsoft.Authorization/roleAssignments/{assignment}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: &'static str,
    head: Vec<Segment>,
    /// The name of the part of any length, and what follows it.
    tail: Option<(&'static str, Vec<Segment>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Segment {
    Fixed(&'static str),
    Named(&'static str),
}

impl Pattern {
    /// Reads a pattern. Panics on two parts of any length and on stray braces, which are mistakes
    /// in the program.
    pub fn new(text: &'static str) -> Self {
        let mut head = Vec::new();
        let mut tail: Option<(&'static str, Vec<Segment>)> = None;
        for part in text.split('/').filter(|part| !part.is_empty()) {
            let inner = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            assert_eq!(inner.is_some(), part.contains(['{', '}']), "stray brace in `{text}`");
            if let Some(name) = inner.and_then(|inner| inner.strip_suffix('*')) {
                assert!(tail.is_none(), "two parts of any length in `{text}`");
                tail = Some((name, Vec::new()));
                continue;
            }
            let segment = inner.map_or(Segment::Fixed(part), Segment::Named);
            tail.as_mut().map_or(&mut head, |(_, after)| after).push(segment);
        }
        Self { text, head, tail }
    }

    /// The text it was made from.
    pub fn as_str(&self) -> &'static str {
        self.text
    }

    /// The named segments of a path that fits.
    pub fn captures(&self, path: &Path) -> Option<Captures> {
        if !self.fits(path) {
            return None;
        }
        let mut captures = Captures::default();
        captures.take(&self.head, path, 0);
        if let Some((name, after)) = &self.tail {
            let until = path.len() - after.len();
            let mut scope = String::new();
            for segment in path.segments().take(until).skip(self.head.len()) {
                scope.push('/');
                scope.push_str(segment);
            }
            captures.values.push((name, scope));
            captures.take(after, path, until);
        }
        Some(captures)
    }

    /// Whether a path fits.
    pub fn fits(&self, path: &Path) -> bool {
        let fixed = self.head.len() + self.tail.as_ref().map_or(0, |(_, after)| after.len());
        let length_fits =
            if self.tail.is_some() { path.len() >= fixed } else { path.len() == fixed };
        length_fits
            && fit(&self.head, path, 0)
            && self
                .tail
                .as_ref()
                .is_none_or(|(_, after)| fit(after, path, path.len() - after.len()))
    }

    /// The same paths fit both, whatever the names are.
    pub(super) fn same_paths(&self, other: &Self) -> bool {
        fn same(a: &[Segment], b: &[Segment]) -> bool {
            a.len() == b.len()
                && a.iter().zip(b).all(|pair| match pair {
                    (Segment::Fixed(a), Segment::Fixed(b)) => a.eq_ignore_ascii_case(b),
                    (Segment::Named(_), Segment::Named(_)) => true,
                    _ => false,
                })
        }
        same(&self.head, &other.head)
            && match (&self.tail, &other.tail) {
                (None, None) => true,
                (Some((_, a)), Some((_, b))) => same(a, b),
                _ => false,
            }
    }

    /// Smaller for the pattern that says more: fixed before named before any length, from the left.
    pub(super) fn looseness(&self) -> Vec<u8> {
        let rank = |segment: &Segment| u8::from(matches!(segment, Segment::Named(_)));
        let mut ranks: Vec<u8> = self.head.iter().map(rank).collect();
        if let Some((_, after)) = &self.tail {
            ranks.push(2);
            ranks.extend(after.iter().map(rank));
        }
        ranks
    }

    /// The provider namespace it belongs to, the last one in it.
    pub(super) fn namespace(&self) -> Option<&'static str> {
        self.of_provider().map(|(namespace, _)| namespace)
    }

    /// The provider namespace it belongs to, and the fixed segments after it: the resource type,
    /// or an action on one. `None` for a path that names no provider, or ends with its name.
    pub fn resource_type(&self) -> Option<(&'static str, String)> {
        let (namespace, after) = self.of_provider()?;
        let fixed = after.iter().filter_map(|segment| match segment {
            Segment::Fixed(fixed) => Some(*fixed),
            Segment::Named(_) => None,
        });
        let name: Vec<&str> = fixed.collect();
        (!name.is_empty()).then(|| (namespace, name.join("/")))
    }

    fn of_provider(&self) -> Option<(&'static str, &[Segment])> {
        let ends = self.tail.iter().map(|(_, after)| after).chain([&self.head]);
        for segments in ends {
            let at = segments.iter().rposition(
                |segment| matches!(segment, Segment::Fixed(s) if s.eq_ignore_ascii_case("providers")),
            );
            if let Some([Segment::Fixed(namespace), after @ ..]) =
                at.and_then(|at| segments.get(at + 1..))
            {
                return Some((namespace, after));
            }
        }
        None
    }
}

fn fit(segments: &[Segment], path: &Path, from: usize) -> bool {
    segments.iter().zip(path.segments().skip(from)).all(|(segment, sent)| match segment {
        Segment::Fixed(fixed) => fixed.eq_ignore_ascii_case(sent),
        Segment::Named(_) => true,
    })
}

/// The named segments of a path, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captures {
    values: Vec<(&'static str, String)>,
}

impl Captures {
    /// The segment of this name. Panics if the pattern has none, which is a mistake in the program.
    pub fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or_else(|| panic!("the pattern has no segment `{name}`"))
    }

    /// The segment of this name, if the pattern has one.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
    }

    /// All of them, from the left.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(_, value)| value.as_str())
    }

    fn take(&mut self, segments: &[Segment], path: &Path, from: usize) {
        for (segment, sent) in segments.iter().zip(path.segments().skip(from)) {
            if let Segment::Named(name) = segment {
                self.values.push((name, sent.to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "stray brace")]
    fn a_pattern_with_a_stray_brace_is_a_mistake() {
        Pattern::new("/a/{b");
    }

    #[test]
    fn a_path_shorter_than_both_ends_does_not_fit() {
        let pattern = Pattern::new("/a/{scope*}/a/{x}");
        let fits = |text: &str| pattern.fits(&Path::parse(&text.parse().unwrap()).unwrap());
        assert!(fits("/a/a/1") && fits("/a/b/c/a/1"));
        assert!(!fits("/a/1") && !fits("/a") && !fits("/") && !fits("/a/b/c/1"));
    }
}
