//! The use cases on a real database.

mod desk;
mod racing;
mod story;
