//! What can be wrong with a file of a table, said so that its owner knows what to do.

use thiserror::Error;

/// Why a table cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file does not begin as Parquet does.
    #[error("this is not a Parquet file")]
    Foreign,
    /// The file begins as Parquet and does not end so.
    #[error("the file is cut short: its end is missing")]
    CutShort,
    /// The format's own rules are broken somewhere.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// A column has a type that no table of ours has.
    #[error("column `{0}` is of a kind that this program does not write")]
    Column(String),
    /// Columns of one group differ in length, or are not those of the table.
    #[error("the columns of a group do not fit the table: {0}")]
    Shape(String),
    /// Writing failed, mostly because the disk is full.
    #[error("it cannot be written: {0}")]
    Write(String),
}
