//! Views of the list that somebody keeps under a name: theirs alone, in whatever tenant they act.

use crate::audit::{self, Event};
use crate::{App, Call, Error};
use prorata_store::{Tx, saved_views};
use uuid::Uuid;

pub use prorata_store::saved_views::SavedView;

/// Views that one principal keeps.
pub const VIEWS_MAX: usize = 50;
/// Characters of the name of a view.
pub const NAME_MAX: usize = 60;
/// Characters of its query.
const QUERY_MAX: usize = 1000;

/// The caller's views by name.
///
/// # Errors
/// Those of the database.
pub fn list(tx: &mut Tx<'_>, call: &Call) -> Result<Vec<SavedView>, Error> {
    Ok(saved_views::of(tx, call.caller.home, call.caller.principal)?)
}

/// Keeps a view; one of that name gets the new query. The same view kept again changes nothing.
///
/// # Errors
/// [`Error::Malformed`] for a name or query that is empty or too long, or for one view too many.
pub fn keep(tx: &mut Tx<'_>, _app: &App, call: &Call, view: &SavedView) -> Result<(), Error> {
    let name = view.name.trim();
    if !(1..=NAME_MAX).contains(&name.chars().count()) {
        return Err(Error::malformed("name", format!("has 1 to {NAME_MAX} characters")));
    }
    if view.query.chars().count() > QUERY_MAX {
        return Err(Error::malformed("query", format!("has at most {QUERY_MAX} characters")));
    }
    let (home, principal) = (call.caller.home, call.caller.principal);
    let kept = list(tx, call)?;
    let same = kept.iter().find(|known| known.name == name);
    let changed = match same {
        Some(known) if known.query == view.query => false,
        Some(known) => saved_views::change(tx, home, principal, known.id, &view.query)?,
        None if kept.len() >= VIEWS_MAX => {
            return Err(Error::malformed("name", format!("would be more than {VIEWS_MAX} views")));
        }
        None => {
            let view = SavedView { name: name.to_owned(), ..view.clone() };
            saved_views::put(tx, home, principal, &view)?
        }
    };
    if changed {
        let id = same.map_or(view.id, |known| known.id);
        audit::line(tx, call, &Event::new("save-view", format!("view/{id}")))?;
    }
    Ok(())
}

/// Forgets a view; one that is not there is forgotten already.
///
/// # Errors
/// Those of the database.
pub fn forget(tx: &mut Tx<'_>, _app: &App, call: &Call, id: Uuid) -> Result<(), Error> {
    let (home, principal) = (call.caller.home, call.caller.principal);
    if saved_views::forget(tx, home, principal, id)? {
        audit::line(tx, call, &Event::new("forget-view", format!("view/{id}")))?;
    }
    Ok(())
}
