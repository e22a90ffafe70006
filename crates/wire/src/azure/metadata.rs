//! `/metadata/endpoints`: what a client reads to know this server as a cloud.

use serde_json::{Value, json};

/// The name that the cloud has in lists; who registers it gives it one of their own.
const NAME: &str = "Prorata";

/// The endpoints of the server at `base`, in the form of a version: flat before 2019-05-01, a list
/// of clouds before 2022-09-01, one cloud since.
///
/// Only what is served here is named, so there is no graph and there are no suffixes of services.
pub fn endpoints(base: &str, version: &str) -> Value {
    // Clients take the first audience as the resource that tokens are for.
    let audiences = json!([base, format!("{base}/")]);
    if version < "2019-05-01" {
        return json!({
            "portalEndpoint": base,
            "authentication": { "loginEndpoint": base, "audiences": audiences },
        });
    }
    let cloud = json!({
        "name": NAME,
        "portal": base,
        "resourceManager": base,
        "authentication": {
            "loginEndpoint": base,
            "audiences": audiences,
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "suffixes": {},
    });
    if version < "2022-09-01" { Value::Array(vec![cloud]) } else { cloud }
}
