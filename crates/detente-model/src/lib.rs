//! From text to game: names, checks, elaboration, and questions with every name resolved.

pub mod bib;
pub mod elaborate;
pub mod files;
pub mod load;
pub mod model;
pub mod play;
pub mod program;
pub mod question;
pub mod resolve;

pub use model::Model;
