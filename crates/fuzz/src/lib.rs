//! What is fuzzed: every parser that meets the outside, each with the laws its results keep.
//!
//! A target takes any bytes and panics when a law is broken; it never looks at what the bytes were
//! meant to be. The same targets run on kept inputs in the ordinary tests, and under libFuzzer by
//! `cargo xtask fuzz`.

mod bodies;
mod desk;
mod files;
mod line;

/// A parser with its laws.
pub struct Target {
    /// The name of its corpus, too.
    pub name: &'static str,
    pub run: fn(&[u8]),
}

const fn target(name: &'static str, run: fn(&[u8])) -> Target {
    Target { name, run }
}

/// All targets.
pub const TARGETS: &[Target] = &[
    target("uri", line::uri),
    target("filter", line::filter),
    target("order-by", line::order_by),
    target("ids", line::ids),
    target("token", line::token),
    target("purchase-body", bodies::purchase),
    target("refund-body", bodies::refund),
    target("exchange-body", bodies::exchange),
    target("rearrange-body", bodies::rearrange),
    target("update-body", bodies::update),
    target("savings-plan-body", bodies::savings_plan),
    target("price-csv", files::prices),
    target("ratio-csv", files::ratios),
    target("size-csv", files::sizes),
    target("retail-json", files::retail),
    target("world", files::world),
    target("policy", files::policy),
    target("request", desk::request),
];

/// The target of a name.
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
