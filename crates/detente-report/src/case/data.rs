//! A report as plain data.
//!
//! The one idea: whoever answers questions fills this in; nothing here computes, and what prints it adds
//! nothing.

use super::standards::Standard;
use super::{AdvicePart, CouncilPart};
use crate::scene::Scene;
use serde::Serialize;

/// A report on one case.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CaseReport {
    pub title: String,
    /// The question that the case answers, as one sentence.
    pub question: String,
    /// Day of the report, and the last day whose facts it uses, as text.
    pub date: String,
    pub cutoff: String,
    /// The bottom line: few sentences, the most important first.
    pub judgments: Vec<Judgment>,
    /// What the case is about and how far it reaches, in paragraphs.
    pub scope: Vec<String>,
    pub claims: Vec<ClaimRow>,
    /// Claims that do not follow, of games and of councils.
    pub fallen: Vec<Fallen>,
    pub models: Vec<ModelPart>,
    /// Tables with many actors, each with its own claims.
    pub councils: Vec<CouncilPart>,
    pub known: Vec<Statement>,
    pub assumed: Vec<Statement>,
    pub judged: Vec<Statement>,
    pub evidence: Vec<EvidencePart>,
    /// Where claims hold over the ranges: maps, and boxes in words.
    pub ranges: Vec<AdvicePart>,
    /// What the players could change, what to wait for, and what is worth knowing.
    pub levers: Vec<AdvicePart>,
    pub indicators: Vec<AdvicePart>,
    pub information: Vec<AdvicePart>,
    /// What the models leave out, in paragraphs.
    pub left_out: Vec<String>,
    /// Sources in the order of their numbers: the first is [1].
    pub sources: Vec<SourceRow>,
    /// Which conclusion hangs on which sources.
    pub hangs: Vec<Hang>,
    /// What flips, or loses its evidence, without each source; no rows if it was not computed.
    pub without: Grid,
    pub parameters: Vec<ParameterRow>,
    /// Dated questions; no rows if there are none.
    pub forecasts: Grid,
    /// How good the resolved ones were, in sentences.
    pub scores: Vec<String>,
    pub calibration: Grid,
    /// The tradecraft standards, and what is missing.
    pub standards: Vec<Standard>,
    /// What this version says otherwise than the one before, in paragraphs.
    pub changed: Vec<String>,
    pub run: RunNote,
}

/// One key judgment.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Judgment {
    /// The statement, in plain words.
    pub text: String,
    /// The label of the claim or hypothesis that the sentence speaks of.
    pub about: Option<String>,
    /// Of a claim: holds, fails, depends or vacuous; of a hypothesis: the word for its probability.
    pub verdict: Option<String>,
    /// The number that carries the verdict, in words.
    pub number: Option<String>,
    /// What the verdict hangs on.
    pub hangs_on: Option<String>,
    /// Where the page says more: a place in it, and the name of the model.
    pub place: Option<(String, String)>,
    /// How sure we are of the basis, as a sentence of its own; never in the same sentence as a
    /// likelihood (Intelligence Community Directive 203).
    pub confidence: Option<String>,
    pub cited: Vec<Citation>,
}

/// A source by its number, from 1, and the place in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Citation {
    pub source: usize,
    pub locator: Option<String>,
}

/// Whether a statement is true in the equilibria of one game.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Truth {
    /// In every equilibrium, at every point.
    All,
    /// In some.
    Some,
    /// In none.
    None,
    /// Somewhere a condition has probability zero, or the game is not solved completely.
    Undefined,
}

/// The verdict over the priors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Holds,
    Fails,
    Depends,
    /// Too few draws satisfy the claim's restriction.
    Vacuous,
}

/// Shares of draws, between 0 and 1, summing to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Shares {
    pub all: f64,
    pub some: f64,
    pub none: f64,
    pub undefined: f64,
}

/// Shares of draws weighted by the evidence: low and high over the equilibria a draw may be in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WeightedShares {
    pub verdict: Verdict,
    /// True in all equilibria.
    pub all: Range,
    /// False in all equilibria.
    pub none: Range,
}

/// A claim over many draws of the parameters.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OverPriors {
    pub draws: u64,
    pub verdict: Verdict,
    pub shares: Shares,
    /// The same, each draw weighted by the probability of what was observed.
    pub weighted: Option<WeightedShares>,
    /// Number of equally weighted draws that the weighted ones are worth.
    pub effective: Option<f64>,
    /// Draws in which the observations cannot happen.
    pub refuted: u64,
}

/// What the author says, what it means formally, and what the machine found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ClaimRow {
    pub name: String,
    /// The author's statement, paraphrased.
    pub says: String,
    pub cited: Vec<Citation>,
    /// The claim as written in the model.
    pub formal: String,
    /// The model and variant in which it is decided.
    pub model: String,
    /// Column name and verdict at the base values: all equilibria first, then those that pass
    /// refinements, then those that the observations leave.
    pub base: Vec<(String, Truth)>,
    /// Both sides of the comparison at the base values, as text.
    pub base_values: String,
    pub over_priors: Option<OverPriors>,
    /// The assumption that the verdict hangs on.
    pub hangs_on: String,
    /// How far the nearest flip is, in standard deviations of the priors: of one parameter alone, or of several
    /// together where no single one overturns the verdict.
    pub flip_distance: Option<f64>,
    /// What would rescue or break it: a flip value, a failure witness, or the word that it follows
    /// from the structure.
    pub would_change: String,
    /// The least change of several parameters that overturns the verdict, as a sentence.
    pub flip: String,
    /// The strongest drivers, by name with their effect in words.
    pub drivers: Vec<(String, String)>,
    /// What is said of the parameters that are no drivers.
    pub other_drivers: String,
}

/// A claim that does not follow from what was assumed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Fallen {
    pub model: String,
    pub name: String,
    pub says: String,
    pub cited: Vec<Citation>,
    /// How plainly it does not follow, as a sentence.
    pub words: String,
    /// The assumption that would rescue it, as a sentence.
    pub rescue: String,
}

/// One model of the case.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ModelPart {
    pub name: String,
    pub title: String,
    pub paragraphs: Vec<String>,
    /// Strength of the answer at the base values, such as `exact-complete`.
    pub strength: String,
    #[serde(skip)]
    pub trees: Vec<TreePart>,
    /// What each equilibrium plays, where the tree is too large to be drawn; else where others play otherwise
    /// than the one that is drawn.
    pub played: Grid,
    pub equilibria: Grid,
    pub sees: Grid,
    pub answers: Grid,
}

/// A picture and what it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct TreePart {
    pub caption: String,
    pub scene: Scene,
}

/// A table of text: the first column heads its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Grid {
    pub caption: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Something known, assumed or judged.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Statement {
    pub text: String,
    /// Why it is assumed, or what else supports it.
    pub why: Option<String>,
    pub cited: Vec<Citation>,
}

/// How dated observations move a hypothesis.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EvidencePart {
    pub model: String,
    pub name: String,
    pub hypothesis: String,
    /// Its probability over the draws, as sentences.
    pub pooled: Option<String>,
    /// The prior before the first observation.
    pub prior: Range,
    pub steps: Vec<EvidenceStep>,
    /// The waterfall of evidence, as an element of the page.
    #[serde(skip)]
    pub picture: Option<String>,
    /// What must be known before quantal response is used.
    pub warnings: Vec<String>,
}

/// One observation.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EvidenceStep {
    pub date: String,
    pub text: String,
    pub cited: Vec<Citation>,
    /// Over the equilibria that it leaves.
    pub posterior: Option<Range>,
    /// The factor by which it multiplies the odds; above 1 it speaks for the hypothesis.
    pub bayes_factor: Option<Range>,
    /// In words, such as "impossible under the rival", where no factor exists.
    pub note: Option<String>,
    /// Ids of equilibria in which it has probability zero.
    pub refuted: Vec<String>,
    /// What it adds under quantal response with its precision integrated, in bits.
    pub quantal_bits: Option<f64>,
    /// The posterior after it under quantal response, by the game's own prior.
    pub quantal_posterior: Option<f64>,
}

/// The lowest and the highest value over equilibria.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Range {
    pub low: f64,
    pub high: f64,
}

/// A source.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SourceRow {
    pub key: String,
    /// Author, title, place and year as one line.
    pub reference: String,
    pub url: Option<String>,
    /// Who relays it, if it is at second hand.
    pub via: Option<String>,
    /// Reliability A to F and credibility 1 to 6.
    pub grade: Option<String>,
    /// What affects its quality: access, age, bias.
    pub note: Option<String>,
}

/// A conclusion and the numbers of the sources it hangs on.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Hang {
    pub conclusion: String,
    pub sources: Vec<usize>,
    /// Assumptions without a source that it hangs on.
    pub assumptions: Vec<String>,
}

/// A parameter with its range and its support.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ParameterRow {
    pub model: String,
    pub name: String,
    pub label: String,
    pub prior: String,
    pub base: String,
    pub cited: Vec<Citation>,
    pub assumed: Option<String>,
}

/// What is needed to compute the report again.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RunNote {
    pub version: String,
    pub command: String,
    pub concept: String,
    pub seed: u64,
    pub draws: u64,
    /// Model name and digest of its game.
    pub digests: Vec<(String, String)>,
}
