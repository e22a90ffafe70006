//! Invariants that the compiler cannot see: what each crate may name, how long files grow, and
//! what must not stand in a tracked file.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// A rule about the source files of some crates: words that must not stand there.
struct Rule {
    crates: &'static [&'static str],
    words: &'static [&'static str],
    /// Paths that hold such words with a reason.
    except: &'static [&'static str],
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        crates: &["ledger", "domain"],
        words: &[
            "std::fs",
            "std::net",
            "std::thread",
            "std::process",
            "SystemTime",
            "Instant::now",
            "Timestamp::now",
            "Zoned::now",
            "rand::",
            "new_v4",
            "now_v7",
            "async fn",
            "tokio",
        ],
        except: &[],
        why: "the core is pure: time, chance and the outside are arguments",
    },
    Rule {
        crates: &["ledger", "domain", "store", "app"],
        words: &["f32", "f64"],
        except: &[],
        why: "amounts are never floats",
    },
    Rule {
        crates: &["ledger", "domain", "app", "wire", "web", "cli"],
        words: &["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM"],
        except: &[],
        why: "SQL stands in the store only",
    },
    Rule {
        crates: &["ledger", "domain", "store", "app", "wire"],
        words: &["axum::", "hyper::", "StatusCode"],
        except: &[],
        why: "HTTP stands in the web crate (and the client of the command line) only",
    },
    Rule {
        crates: &["app", "web", "wire", "cli"],
        words: &["Timestamp::now"],
        except: &[
            "crates/app/src/clock.rs",
            // Seals are about the database, and when it was written.
            "crates/app/src/audit/seal.rs",
            // Tokens, sessions and secrets live by the system's clock, also in a sandbox.
            "crates/app/src/identity",
            "crates/app/src/revocations.rs",
            "crates/app/src/second_factor.rs",
            "crates/app/src/secrets.rs",
            "crates/app/src/sessions.rs",
            "crates/app/src/users",
            "crates/app/src/world/people.rs",
            "crates/app/src/worker.rs",
            // Whether a job is leased now, by the clock that leases it.
            "crates/app/src/administration/jobs.rs",
            "crates/cli/",
            "crates/web/",
        ],
        why: "decisions take their instant from the application's clock",
    },
    Rule {
        crates: &["auditor"],
        words: &["prorata_", "policy/", "catalog/", "include_str", "f32", "f64"],
        except: &[],
        why: "the auditor shares nothing with the desk it audits",
    },
    Rule {
        crates: &["ledger", "domain", "store", "app", "wire", "web", "cli"],
        words: &["todo!(", "unimplemented!(", "dbg!(", "#[ignore", "#[allow("],
        except: &[],
        why: "a promise not kept, or an exception without a reason (`expect` takes one)",
    },
];

/// A file longer than this usually wants another noun.
const LINES_MAX: usize = 450;

pub fn run() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let mut faults = String::new();
    for rule in RULES {
        for name in rule.crates {
            for file in rust_files(&root.join("crates").join(name).join("src")) {
                check(root, &file, rule, &mut faults);
            }
        }
    }
    for file in rust_files(&root.join("crates")) {
        let lines = read(&file).lines().count();
        let tests = file.components().any(|part| part.as_os_str() == "tests");
        if lines > LINES_MAX && !tests && !is_test_module(&file) {
            let _ =
                writeln!(faults, "{}: {lines} lines; is there a missing noun?", shown(root, &file));
        }
    }
    machine_paths(root, &mut faults);
    if faults.is_empty() {
        println!("tidy: the invariants hold");
        return ExitCode::SUCCESS;
    }
    eprint!("{faults}");
    ExitCode::FAILURE
}

fn check(root: &Path, file: &Path, rule: &Rule, faults: &mut String) {
    let path = shown(root, file);
    if rule.except.iter().any(|except| path.starts_with(except)) || is_test_module(file) {
        return;
    }
    let text = read(file);
    // What stands in a file's own tests is not shipped.
    let shipped = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    for (number, line) in shipped.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for word in rule.words {
            if names(code, word) {
                let _ = writeln!(faults, "{path}:{}: `{}`: {}", number + 1, word.trim(), rule.why);
            }
        }
    }
}

/// Whether a line names a word: not as a part of a longer one.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let open = word.chars().next_back().is_some_and(|c| !c.is_alphanumeric());
        !part(before) && (open || !part(after))
    })
}

/// Tracked files name no place of one machine.
fn machine_paths(root: &Path, faults: &mut String) {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output();
    let Ok(listed) = listed else { return };
    let home = ["ro", "ot"].concat();
    let wanted = [format!("/{home}/"), ["/wo", "rk/"].concat(), ["/ho", "me/"].concat()];
    for name in String::from_utf8_lossy(&listed.stdout).split('\0').filter(|name| !name.is_empty())
    {
        if name.ends_with(".lock") || name == "LICENSE" {
            continue;
        }
        let text = read(&root.join(name));
        for (number, line) in text.lines().enumerate() {
            let starts = |at: usize| {
                line[..at]
                    .chars()
                    .next_back()
                    .is_none_or(|c| !c.is_alphanumeric() && !"._-/".contains(c))
            };
            if wanted.iter().any(|path| line.match_indices(path.as_str()).any(|(at, _)| starts(at)))
            {
                let _ = writeln!(faults, "{name}:{}: names a path of a machine", number + 1);
            }
        }
    }
}

fn is_test_module(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name == "tests.rs")
        || file.components().any(|part| part.as_os_str() == "tests")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn shown(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).display().to_string()
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}
