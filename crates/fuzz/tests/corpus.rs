//! Every input that was kept is played again in the ordinary tests.

use prorata_fuzz::{TARGETS, find};
use std::fs;
use std::path::{Path, PathBuf};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")
}

#[test]
fn every_kept_input_keeps_the_laws() {
    for target in TARGETS {
        let folder = corpus().join(target.name);
        let files = fs::read_dir(&folder).unwrap_or_else(|_| panic!("{folder:?} is not there"));
        let mut count = 0;
        for file in files {
            let path = file.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            println!("{}", path.display());
            (target.run)(&bytes);
            count += 1;
        }
        assert!(count > 0, "`{}` has no inputs", target.name);
    }
}

#[test]
fn every_corpus_has_its_target() {
    for folder in fs::read_dir(corpus()).unwrap() {
        let name = folder.unwrap().file_name().into_string().unwrap();
        assert!(find(&name).is_some(), "`{name}` is no target");
    }
}
