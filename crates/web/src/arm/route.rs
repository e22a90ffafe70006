//! Which operation a method and a path mean, and what to say when none.

use axum::http::{Method, StatusCode};

use super::ArmError;
use super::pattern::{Captures, Pattern};
use crate::uri::{Path, Query};

/// One operation.
#[derive(Clone, Debug)]
pub struct Route<H> {
    /// Its verb.
    pub method: Method,
    /// Its path.
    pub pattern: Pattern,
    /// Its name in the published specification, e.g. `Reservation_Get`.
    pub operation: &'static str,
    /// The api-versions that have it, newest first; empty if it takes none.
    pub versions: &'static [&'static str],
    /// Whatever the owner of the table finds its code by.
    pub handler: H,
}

/// What a request means.
#[derive(Debug)]
pub struct Matched<'t, H> {
    /// The operation.
    pub route: &'t Route<H>,
    /// The named segments of the path.
    pub captures: Captures,
    /// The caller's api-version as the table spells it; empty for an operation without versions.
    pub api_version: &'static str,
}

/// All operations of a server.
#[derive(Clone, Debug)]
pub struct RouteTable<H> {
    /// Routes that share their paths, the most exact paths first.
    groups: Vec<Vec<Route<H>>>,
}

impl<H> Default for RouteTable<H> {
    fn default() -> Self {
        Self { groups: Vec::new() }
    }
}

impl<H> RouteTable<H> {
    /// A table without operations.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same table with one more operation. Panics if method and paths are taken already.
    #[must_use]
    pub fn route(
        mut self,
        method: Method,
        pattern: &'static str,
        operation: &'static str,
        versions: &'static [&'static str],
        handler: H,
    ) -> Self {
        let route = Route { method, pattern: Pattern::new(pattern), operation, versions, handler };
        match self.groups.iter_mut().find(|group| group[0].pattern.same_paths(&route.pattern)) {
            Some(group) => {
                let taken = group.iter().any(|other| other.method == route.method);
                assert!(!taken, "two operations for {} {pattern}", route.method);
                group.push(route);
            }
            None => self.groups.push(vec![route]),
        }
        self.groups.sort_by_cached_key(|group| group[0].pattern.looseness());
        self
    }

    /// All operations, for tests that walk them.
    pub fn routes(&self) -> impl Iterator<Item = &Route<H>> {
        self.groups.iter().flatten()
    }

    /// The operation meant, or why there is none.
    ///
    /// In this order: 404 `InvalidResourceNamespace` or `InvalidResourceType` (or `NotFound` away
    /// from any provider), 400 `MissingApiVersionParameter`, 405 `HttpMethodNotSupported` with
    /// `Allow`, 400 `InvalidApiVersionParameter` naming the known ones.
    pub fn resolve(
        &self,
        method: &Method,
        path: &Path,
        query: &Query,
    ) -> Result<Matched<'_, H>, ArmError> {
        let sent = query.get("api-version").unwrap_or_default();
        let Some(group) = self.groups.iter().find(|group| group[0].pattern.fits(path)) else {
            return Err(self.unknown(path, sent));
        };
        if sent.is_empty() && group.iter().all(|route| !route.versions.is_empty()) {
            return Err(ArmError::bad_request(
                "MissingApiVersionParameter",
                "The api-version query parameter (?api-version=) is required for all requests.",
            )
            .with_target("api-version"));
        }
        let Some(route) = group.iter().find(|route| route.method == *method) else {
            let allowed: Vec<&Method> = group.iter().map(|route| &route.method).collect();
            return Err(ArmError::method_not_supported(method, &allowed));
        };
        let api_version = version(route.versions, sent)?;
        let captures = route.pattern.captures(path).unwrap_or_default();
        Ok(Matched { route, captures, api_version })
    }

    /// Why a path means nothing.
    fn unknown(&self, path: &Path, api_version: &str) -> ArmError {
        let segments: Vec<&str> = path.segments().collect();
        let Some(at) = segments.iter().rposition(|s| s.eq_ignore_ascii_case("providers")) else {
            return ArmError::not_found("NotFound", "There is nothing at this path.");
        };
        let sent = segments.get(at + 1).copied().unwrap_or_default();
        let known = self
            .routes()
            .filter_map(|route| route.pattern.namespace())
            .find(|namespace| namespace.eq_ignore_ascii_case(sent));
        let Some(namespace) = known else {
            return ArmError::new(
                StatusCode::NOT_FOUND,
                "InvalidResourceNamespace",
                format!("The resource namespace '{sent}' is invalid."),
            );
        };
        let kind: Vec<&str> = segments.iter().skip(at + 2).step_by(2).copied().collect();
        ArmError::not_found(
            "InvalidResourceType",
            format!(
                "The resource type '{}' could not be found in the namespace '{namespace}' for \
                 api version '{api_version}'.",
                kind.join("/")
            ),
        )
    }
}

/// The version as the table spells it.
fn version(known: &'static [&'static str], sent: &str) -> Result<&'static str, ArmError> {
    if known.is_empty() {
        return Ok("");
    }
    known.iter().find(|known| known.eq_ignore_ascii_case(sent)).copied().ok_or_else(|| {
        ArmError::bad_request(
            "InvalidApiVersionParameter",
            format!(
                "The api-version '{sent}' is invalid. The supported versions are '{}'.",
                known.join(",")
            ),
        )
        .with_target("api-version")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &[&str] = &["2022-11-01"];
    const BOTH: &[&str] = &["2022-11-01", "2022-03-01"];
    const ORDER: &str = "/providers/Microsoft.Capacity/reservationOrders/{order}";

    fn table() -> RouteTable<u8> {
        RouteTable::new()
            .route(Method::GET, ORDER, "ReservationOrder_Get", BOTH, 1)
            .route(
                Method::PUT,
                "/providers/Microsoft.Capacity/reservationOrders/{id}",
                "ReservationOrder_Purchase",
                NEW,
                2,
            )
            .route(
                Method::GET,
                "/providers/Microsoft.Capacity/operations",
                "Operation_List",
                NEW,
                3,
            )
            .route(Method::POST, "/{tenant}/oauth2/v2.0/token", "Token", &[], 4)
            .route(
                Method::PUT,
                "/{scope*}/providers/Microsoft.Authorization/roleAssignments/{assignment}",
                "RoleAssignments_Create",
                &["2022-04-01"],
                5,
            )
            .route(Method::GET, "/subscriptions/{s}/providers/{p}", "Providers_Get", NEW, 6)
            .route(
                Method::GET,
                "/subscriptions/{s}/providers/Microsoft.Capacity",
                "Capacity_Get",
                NEW,
                7,
            )
    }

    fn resolve(method: &str, uri: &str) -> Result<(u8, Vec<String>, &'static str), ArmError> {
        let uri = uri.parse().unwrap();
        let (path, query) = (Path::parse(&uri).unwrap(), Query::parse(&uri).unwrap());
        let table = table();
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let matched = table.resolve(&method, &path, &query)?;
        let values = matched.captures.values().map(str::to_owned).collect();
        Ok((matched.route.handler, values, matched.api_version))
    }

    #[test]
    fn fixed_segments_have_no_case_and_named_ones_are_given_as_sent() {
        for uri in [
            "/providers/Microsoft.Capacity/reservationOrders/Ab%20c?api-version=2022-03-01",
            "/providers/microsoft.capacity/reservationorders/Ab%20c/?API-VERSION=2022-03-01",
            "//PROVIDERS/MICROSOFT.CAPACITY/RESERVATIONORDERS/Ab%20c?api-version=2022-03-01",
        ] {
            let found = resolve("GET", uri).unwrap();
            assert_eq!(found, (1, vec!["Ab c".to_owned()], "2022-03-01"), "{uri}");
        }
    }

    #[test]
    fn names_may_differ_between_the_methods_of_a_path() {
        let uri = "/providers/Microsoft.Capacity/reservationOrders/x?api-version=2022-11-01";
        assert_eq!(resolve("PUT", uri).unwrap().0, 2);
    }

    #[test]
    fn the_more_exact_path_wins_in_whatever_order_they_were_added() {
        let at = |provider| format!("/subscriptions/1/providers/{provider}?api-version=2022-11-01");
        assert_eq!(resolve("GET", &at("Microsoft.Capacity")).unwrap().0, 7);
        assert_eq!(resolve("GET", &at("Other")).unwrap().0, 6);
    }

    #[test]
    fn a_scope_may_be_of_any_length() {
        for (scope, taken) in [
            ("", ""),
            ("/", ""),
            ("/providers/Microsoft.Capacity", "/providers/Microsoft.Capacity"),
            ("/subscriptions/1/resourceGroups/a", "/subscriptions/1/resourceGroups/a"),
        ] {
            let uri = format!(
                "{scope}/providers/microsoft.authorization/roleAssignments/7?api-version=2022-04-01"
            );
            let (handler, values, _) = resolve("PUT", &uri).unwrap();
            assert_eq!((handler, values), (5, vec![taken.to_owned(), "7".to_owned()]), "{uri}");
        }
    }

    #[test]
    fn an_operation_without_versions_needs_none() {
        assert_eq!(resolve("POST", "/t/oauth2/v2.0/token").unwrap().2, "");
    }

    #[test]
    fn what_means_nothing_is_told_in_order() {
        let known = "/providers/Microsoft.Capacity/operations";
        for (method, uri, status, code) in [
            ("GET", "/providers/Microsoft.Nope/x?api-version=1", 404, "InvalidResourceNamespace"),
            ("GET", "/providers", 404, "InvalidResourceNamespace"),
            ("GET", "/providers/Microsoft.Capacity/x/1/y", 404, "InvalidResourceType"),
            ("GET", "/providers/microsoft.authorization/x", 404, "InvalidResourceType"),
            ("GET", "/nothing", 404, "NotFound"),
            ("GET", known, 400, "MissingApiVersionParameter"),
            ("GET", &format!("{known}?api-version="), 400, "MissingApiVersionParameter"),
            ("PUT", &format!("{known}?api-version=1"), 405, "HttpMethodNotSupported"),
            ("GET", &format!("{known}?api-version=1"), 400, "InvalidApiVersionParameter"),
        ] {
            let error = resolve(method, uri).unwrap_err();
            assert_eq!((error.status.as_u16(), &*error.code), (status, code), "{method} {uri}");
        }
        let error = resolve("DELETE", &format!("/{ORDER}?api-version=1").replace(['{', '}'], ""));
        assert_eq!(error.unwrap_err().headers().unwrap()["allow"], "GET, PUT");
        let uri = "/providers/Microsoft.Capacity/reservationOrders/1?api-version=2099-01-01";
        let message = resolve("GET", uri).unwrap_err().message;
        assert!(message.contains("'2099-01-01'"), "{message}");
        assert!(message.contains("'2022-11-01,2022-03-01'"), "{message}");
        let uri = "/providers/microsoft.capacity/a/1/b?api-version=x";
        let message = resolve("GET", uri).unwrap_err().message;
        assert!(message.contains("'a/b'") && message.contains("'Microsoft.Capacity'"), "{message}");
    }

    #[test]
    #[should_panic(expected = "two operations")]
    fn an_operation_cannot_be_added_twice() {
        let _ = table().route(
            Method::GET,
            "/Providers/microsoft.capacity/reservationorders/{other}",
            "Again",
            NEW,
            9,
        );
    }
}
