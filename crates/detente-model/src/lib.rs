//! From text to game: names, checks, elaboration, and questions with every name resolved.
//!
//! [`load`] gathers a model's files through [`Files`], resolves names into a
//! [`program`], elaborates it into flat games and resolves its questions. The
//! result is a [`Model`], or every error of the stage that failed. Nothing is
//! solved here.
#![forbid(unsafe_code)]

mod ask;
mod assemble;
pub mod bib;
mod check;
pub mod council;
mod csv;
pub mod elaborate;
mod expand;
pub mod files;
pub mod forecast;
mod instance;
mod load;
pub mod model;
pub mod play;
pub mod program;
pub mod question;
pub mod resolve;
mod slugs;
pub mod without;

pub use check::options;
pub use detente_syntax::words::is_operator as is_reserved;
pub use elaborate::Limits;
pub use files::Files;
pub use load::{Loaded, load};
pub use model::Model;
pub use slugs::SLUGS;
