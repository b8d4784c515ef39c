//! Tables of numbers and words as Parquet files, with what is known of them in the footer.
//!
//! The one idea: a table is a list of named columns, written in groups of rows, so that neither
//! writer nor reader ever holds more than one group. Any program that reads Parquet reads it.
//! The crate opens no file: it writes to what it is given and reads from it.
#![forbid(unsafe_code)]

pub mod error;
pub mod read;
pub mod table;
pub mod write;

pub use error::StoreError;
pub use read::Reader;
pub use table::{Column, Field, Kind};
pub use write::Writer;

#[cfg(test)]
mod tests;
