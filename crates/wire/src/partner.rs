//! Partners, their customers and their carts, in shapes of our own: those of carts have the members
//! that the provider's partner interface has.

mod cart;
mod show;

pub use cart::{
    CartShown, InventoryAsked, cart, checked_out, inventory, parse_cart, parse_inventory,
};
pub use show::{
    Agent, Customer, Held, Permission, agent, customer, entitlement, held, order, page,
    parse_permission, permission, registration,
};

/// Lines of a cart, and products of one question: as many as a page of the provider's own shop.
pub const LINES_MAX: usize = 100;
