//! What a principal is.

/// Whether a principal is a person or a program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum PrincipalKind {
    User,
    #[default]
    ServicePrincipal,
}

impl PrincipalKind {
    /// The name under which role assignments and tokens have it.
    pub fn as_str(self) -> &'static str {
        match self {
            PrincipalKind::User => "User",
            PrincipalKind::ServicePrincipal => "ServicePrincipal",
        }
    }

    /// Reads a name in any casing.
    pub fn parse(text: &str) -> Option<PrincipalKind> {
        [PrincipalKind::User, PrincipalKind::ServicePrincipal]
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(text))
    }
}
