//! Microsoft.Authorization: role definitions, role assignments, and what a caller may.

pub mod assignments;
pub mod definitions;
mod filter;
pub mod provider_operations;

pub use filter::{
    AssignmentFilter, DefinitionFilter, parse_assignment_filter, parse_definition_filter,
};

/// The code for an id that is not a GUID.
const INVALID_ROLE_DEFINITION: &str = "InvalidRoleDefinitionId";
