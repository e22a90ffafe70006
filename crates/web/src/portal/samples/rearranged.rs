//! Samples of the forms that rearrange a reservation: its split, merge, name and archive.

use super::reservation::{item, proof, refused};
use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::listing::State;
use crate::portal::page::Section;
use crate::portal::reservation::Blade;
use crate::portal::reservation::act::{ArchivePage, RenamePage};
use crate::portal::reservation::merge::{self, MergePage, Sibling, Unlike};
use crate::portal::reservation::split::{self, PartField, PartRow, SplitPage};

pub fn samples() -> Vec<(&'static str, String)> {
    let rename = |fault: Option<&str>| RenamePage {
        shell: shell(HOSTILE, Section::Reservations),
        item: item(Blade::Form),
        name: HOSTILE.to_owned(),
        fault: fault.map(str::to_owned),
        alert: fault.map(str::to_owned),
        longest: 64,
        revision: "7".to_owned(),
    };
    let archive = |archives, barred: Option<&'static str>| ArchivePage {
        shell: shell(HOSTILE, Section::Reservations),
        item: item(Blade::Form),
        archives,
        barred: barred.map(Into::into),
        alert: (!archives).then(|| HOSTILE.to_owned()),
    };
    let mut found = splits();
    found.extend(merges());
    found.extend([
        rendered("rename", &rename(None)),
        rendered("rename: faults", &rename(Some("Enter a name."))),
        rendered("archive", &archive(true, None)),
        rendered("archive: live", &archive(true, Some("It is live."))),
        rendered("unarchive", &archive(false, None)),
    ]);
    found
}

fn splits() -> Vec<(&'static str, String)> {
    let part = |number, fault: Option<&str>| PartField {
        number,
        typed: HOSTILE.to_owned(),
        fault: fault.map(str::to_owned),
    };
    let preview = |refused| split::Preview {
        rows: vec![PartRow {
            number: 1,
            units: "3 units".to_owned(),
            price: "7.98 USD".to_owned(),
            x: 0,
            width: 1000,
            quantity: 3,
        }],
        notes: vec!["Each part ends on the same day.".into()],
        refused,
        button: "Split into 2 reservations".into(),
        proof: proof(),
    };
    let page = |preview, fault| SplitPage {
        shell: shell(HOSTILE, Section::Reservations),
        item: item(Blade::Form),
        held: "10 units".to_owned(),
        parts: vec![part(1, None), part(2, fault)],
        may_add: true,
        alert: fault.map(str::to_owned),
        preview,
    };
    vec![
        rendered("split", &page(Some(preview(None)), None)),
        rendered("split: refused", &page(Some(preview(Some(refused()))), None)),
        rendered("split: faults", &page(None, Some("Enter a whole number."))),
    ]
}

fn merges() -> Vec<(&'static str, String)> {
    let sibling = |chosen| Sibling {
        id: if chosen { ORDER } else { RESERVATION }.to_owned(),
        name: HOSTILE.to_owned(),
        units: "3 units".to_owned(),
        scope: HOSTILE.into(),
        flexibility: "On".into(),
        bought: "10 March 2023".to_owned(),
        sku: HOSTILE.to_owned(),
        chosen,
        unlike: Unlike { scope: chosen, flexibility: chosen, bought: chosen, sku: chosen },
    };
    let preview = |refused| merge::Preview {
        says: HOSTILE.into(),
        notes: vec!["Roles stay.".into()],
        refused,
        chosen: vec![ORDER.to_owned()],
        proof: proof(),
    };
    let page = |siblings, preview| MergePage {
        shell: shell(HOSTILE, Section::Reservations),
        item: item(Blade::Form),
        siblings,
        alert: Some("Choose at least one.".to_owned()),
        preview,
    };
    let both = vec![sibling(true), sibling(false)];
    let ended = State { words: "Split".to_owned(), class: "ended" };
    let mut none = page(Vec::new(), None);
    none.item.head.state = ended;
    vec![
        rendered("merge", &page(both.clone(), Some(preview(None)))),
        rendered("merge: refused", &page(both.clone(), Some(preview(Some(refused()))))),
        rendered("merge: none chosen", &page(both, None)),
        rendered("merge: nothing to merge with", &none),
    ]
}
