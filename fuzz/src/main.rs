//! libFuzzer around one target, which the environment names.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

fn target() -> &'static prorata_fuzz::Target {
    static TARGET: OnceLock<&'static prorata_fuzz::Target> = OnceLock::new();
    TARGET.get_or_init(|| {
        let name = std::env::var("PRORATA_FUZZ_TARGET").unwrap_or_default();
        prorata_fuzz::find(&name).unwrap_or_else(|| panic!("PRORATA_FUZZ_TARGET is `{name}`"))
    })
}

fuzz_target!(|bytes: &[u8]| (target().run)(bytes));
