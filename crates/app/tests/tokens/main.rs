//! Tokens: whom they are, and every way in which one must not be taken. The cases are data.

mod flood;
mod own;
mod provider;
mod provision;
mod shapes;
mod world;
