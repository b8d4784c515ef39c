//! From text to game: names, checks, elaboration, and questions with every name resolved.

pub mod bib;
pub mod model;
pub mod play;
pub mod question;

pub use model::Model;
