//! Access control of a reservation and its order: who has which role, giving and taking one, and
//! why somebody can or cannot do something.

pub mod check;
mod gather;
mod give;

use check::Check;
pub use gather::show;
pub use give::submit;

use super::page::{Crumb, Shell};
use super::reservation::Item;
use super::words::Said;
use askama::Template;
use prorata_domain::access::Action;
use prorata_domain::authorization::Place;
use prorata_domain::ids::{OrderId, ReservationId};

/// What can be asked about here, in the order in which it is offered.
const ACTIONS: [Action; 10] = [
    Action::Read,
    Action::Manage,
    Action::Renew,
    Action::Return,
    Action::Exchange,
    Action::TradeIn,
    Action::ChangeDirectory,
    Action::ReadAssignments,
    Action::Assign,
    Action::Unassign,
];

/// Which page it is: an order's, or that of a reservation of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    pub order: OrderId,
    pub reservation: Option<ReservationId>,
}

impl Subject {
    pub fn place(self) -> Place {
        match self.reservation {
            Some(id) => Place::Reservation(self.order, id),
            None => Place::Order(self.order),
        }
    }

    /// The address of the page.
    pub fn path(self) -> String {
        match self.reservation {
            Some(id) => format!("/reservations/{}/{id}/access", self.order),
            None => format!("/reservations/{}/access", self.order),
        }
    }

    /// The place by the word that forms have for it.
    fn place_called(self, word: &str) -> Option<Place> {
        match word {
            // Where nothing is chosen it is the first of the choices.
            "" | "order" => Some(Place::Order(self.order)),
            "reservation" => self.reservation.map(|id| Place::Reservation(self.order, id)),
            _ => None,
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "access.html")]
pub struct AccessPage {
    pub shell: Shell,
    pub crumbs: Vec<Crumb>,
    pub name: String,
    pub lead: Said,
    /// The address of this page.
    pub path: String,
    /// The reservation; nothing on an order's page.
    pub item: Option<Item>,
    pub notice: Option<Said>,
    pub alert: Option<String>,
    /// Who is asked about and what, as far as it was filled in.
    pub asked: Asked,
    pub check: Option<Check>,
    /// Nothing for somebody who may not see who has which role.
    pub rows: Option<Vec<Row>>,
    /// Nothing for somebody who may not give roles.
    pub form: Option<Form>,
}

impl AccessPage {
    /// Whether it is known of any role since when it is given.
    fn dated(&self) -> bool {
        self.rows.iter().flatten().any(|row| !row.given.is_empty())
    }
}

/// The question, as it was filled in so far.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub principal: String,
    pub fault: Option<String>,
    pub actions: Vec<Choice>,
}

#[derive(Debug, Clone)]
pub struct Choice {
    pub word: String,
    pub label: String,
    pub chosen: bool,
}

/// An assignment.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub principal: String,
    /// `User` or `Service principal`, and the object id.
    pub kind: Said,
    pub principal_id: String,
    pub role: String,
    pub own_role: bool,
    pub place: String,
    pub given: String,
    pub description: String,
    /// The form's word for the place, where the caller may take the role away here.
    pub removes: Option<&'static str>,
}

/// The form that gives a role.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pub principal: String,
    pub principal_fault: Option<String>,
    pub description: String,
    pub roles: Vec<Choice>,
    pub role_fault: Option<String>,
    pub places: Vec<Choice>,
    /// Who can be given a role: name and object id.
    pub principals: Vec<(String, String)>,
}
