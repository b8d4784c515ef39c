//! Councils in a case: the settlement first, then who moved whom, claims, pictures, levers and power.
//!
//! The one idea: every number stands beside the weighted mean and median, and doubt about the theory is
//! never added to doubt about the numbers.

mod bottom;
mod claims;
mod fill;
mod html;
mod tables;
mod words;

pub use bottom::{of_council_claim, of_councils};
pub use claims::hangs;
pub use fill::{CouncilStudied, council_charts, council_parts};
pub use html::councils;

use super::{ClaimRow, Grid};
use crate::chart::{Chart, Data};
use serde::Serialize;

/// One council of a case.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CouncilPart {
    /// The file's name without its ending, and the council's.
    pub model: String,
    pub name: String,
    pub title: String,
    pub paragraphs: Vec<String>,
    /// Who sits there, by which theories it was answered.
    pub about: String,
    /// Settlements: issues in rows.
    pub settlements: Grid,
    /// Who moves whom, and why, in sentences.
    pub moves: Vec<String>,
    /// Pictures of the whole council.
    #[serde(skip)]
    pub charts: Vec<Chart>,
    pub issues: Vec<IssuePart>,
    /// Claims of the file; with its first council only.
    pub claims: Vec<ClaimRow>,
    /// Questions of the file; with its first council only.
    pub answers: Grid,
    /// The numbers behind all pictures.
    pub pictures: Vec<Picture>,
}

/// The numbers behind one picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Picture {
    pub slug: String,
    pub title: String,
    pub data: Data,
}

/// One issue.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct IssuePart {
    pub title: String,
    /// The settlement in one sentence.
    pub answer: String,
    #[serde(skip)]
    pub charts: Vec<Chart>,
    pub drivers: Grid,
    pub flips: Grid,
    pub power: Grid,
    /// The weakest link in one sentence; empty if nobody holds the settlement against others.
    pub link: String,
    pub coalition: Grid,
    /// The power of the coalition that was named, in one sentence; empty if none was.
    pub bloc: String,
    /// What each theory says of that coalition.
    pub links: Grid,
}
