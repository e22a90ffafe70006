//! The use cases on a real database.

mod cap;
mod desk;
mod racing;
mod story;
mod worlds;
