//! The fields that reservations are filtered and ordered by.

use super::FilterValue;
use std::fmt;

macro_rules! fields {
    ($($variant:ident = $path:literal is $kind:ident,)*) => {
        /// A field of a reservation, named by its path in the answer.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Field { $($variant,)* }

        impl Field {
            pub const ALL: &'static [Field] = &[$(Field::$variant,)*];

            /// Its path in the answer.
            pub fn path(self) -> &'static str {
                match self { $(Field::$variant => $path,)* }
            }

            fn kind(self) -> Kind {
                match self { $(Field::$variant => Kind::$kind,)* }
            }
        }
    };
}

enum Kind {
    Text,
    Whole,
    Flag,
}

fields! {
    SkuName = "sku/name" is Text,
    AppliedScopeType = "properties/appliedScopeType" is Text,
    Archived = "properties/archived" is Flag,
    DisplayName = "properties/displayName" is Text,
    DisplayProvisioningState = "properties/displayProvisioningState" is Text,
    EffectiveDateTime = "properties/effectiveDateTime" is Text,
    ExpiryDate = "properties/expiryDate" is Text,
    ExpiryDateTime = "properties/expiryDateTime" is Text,
    ProvisioningState = "properties/provisioningState" is Text,
    Quantity = "properties/quantity" is Whole,
    Renew = "properties/renew" is Flag,
    ReservedResourceType = "properties/reservedResourceType" is Text,
    Term = "properties/term" is Text,
    UserFriendlyAppliedScopeType = "properties/userFriendlyAppliedScopeType" is Text,
    UserFriendlyRenewState = "properties/userFriendlyRenewState" is Text,
}

impl Field {
    /// Reads `properties/term` in any casing.
    pub fn parse(path: &str) -> Option<Field> {
        Field::ALL.iter().copied().find(|field| field.path().eq_ignore_ascii_case(path))
    }

    pub(super) fn names() -> String {
        Field::ALL.iter().map(|field| field.path()).collect::<Vec<_>>().join(", ")
    }

    /// The value in the kind of the field; else what the field is. Clients quote flags and
    /// numbers now and then.
    pub(super) fn fit(self, value: FilterValue) -> Result<FilterValue, &'static str> {
        match (self.kind(), value) {
            (Kind::Text, FilterValue::Text(text)) => Ok(FilterValue::Text(text)),
            (Kind::Text, FilterValue::Null) => Ok(FilterValue::Null),
            (Kind::Text, _) => Err("text in single quotes"),
            (Kind::Whole, FilterValue::Number(number)) => Ok(FilterValue::Number(number)),
            (Kind::Whole, FilterValue::Text(text)) => {
                text.parse().map(FilterValue::Number).map_err(|_| "a whole number")
            }
            (Kind::Whole, _) => Err("a whole number"),
            (Kind::Flag, FilterValue::Flag(flag)) => Ok(FilterValue::Flag(flag)),
            (Kind::Flag, FilterValue::Text(text)) => text
                .to_ascii_lowercase()
                .parse()
                .map(FilterValue::Flag)
                .map_err(|_| "true or false"),
            (Kind::Flag, _) => Err("true or false"),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path())
    }
}
