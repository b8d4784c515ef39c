//! Which run a part belongs to, and which draws it holds.
//!
//! Parts of one run may be merged, and only those: an identity is compared whole.

use crate::sampler::Sampler;
use detente_exact::Q;
use detente_game::solution::Concept;
use detente_model::Model;
use detente_prob::Prior;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The format's name in the footer of a file.
pub const FORMAT: &str = "detente-sweep";
/// Its version; raised when a column or a sum changes its meaning.
pub const VERSION: u32 = 1;
/// Least and most draws in one block: the piece that one thread takes, and that survives a crash.
const BLOCKS: (u64, u64) = (16, 16_384);

/// Everything that a run's numbers depend on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    pub format: String,
    pub version: u32,
    /// Version of the program.
    pub detente: String,
    pub title: String,
    /// Digest of the model: its game, variants, questions and observations.
    pub model: String,
    pub seed: u64,
    /// `sobol` or `random`.
    pub sampler: String,
    /// Draws of the whole run, over all shards.
    pub draws: u64,
    /// Draws per block.
    pub block: u64,
    pub concept: Concept,
    /// Precision of quantal response, where that is the concept.
    pub lambda: Option<Q>,
    /// Precision at which the logit branch is followed beside.
    pub logit: Option<Q>,
    pub params: Vec<Param>,
    /// Whether rank correlations are declared.
    pub correlated: bool,
    pub outcomes: Vec<Named>,
    pub claims: Vec<Named>,
    pub asks: Vec<Named>,
    pub hypotheses: Vec<Named>,
    /// Whether anything was observed.
    pub observed: bool,
}

/// An uncertain parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Param {
    pub name: String,
    pub label: String,
    pub base: f64,
    pub prior: Prior,
}

/// A name and its label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named {
    pub name: String,
    pub label: String,
}

/// Draws from `from` up to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Block {
    pub from: u64,
    pub to: u64,
}

/// How a run is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub seed: u64,
    pub sobol: bool,
    pub draws: u64,
    pub concept: Concept,
    pub lambda: Option<Q>,
    pub logit: Option<Q>,
}

/// Returns the identity of a run.
pub fn identity(model: &Model, sampler: &Sampler, run: &Run) -> Identity {
    let named = |name: &str, label: &str| Named { name: name.into(), label: label.into() };
    let params = sampler.uncertain().map(|(p, prior)| {
        let param = &model.game.params[p.index()];
        Param {
            name: param.name.clone(),
            label: param.label.clone(),
            base: param.base.to_f64(),
            prior: prior.clone(),
        }
    });
    let keys = model.game.outcome_keys();
    let label = |k: usize| model.game.outcomes.get(k).map_or("", |o| o.label.as_str());
    Identity {
        format: FORMAT.into(),
        version: VERSION,
        detente: env!("CARGO_PKG_VERSION").into(),
        title: model.game.title.clone(),
        model: digest(model),
        seed: run.seed,
        sampler: if run.sobol { "sobol" } else { "random" }.into(),
        draws: run.draws,
        block: (run.draws / 64).next_power_of_two().clamp(BLOCKS.0, BLOCKS.1),
        concept: run.concept,
        lambda: run.lambda.clone(),
        logit: run.logit.clone(),
        params: params.collect(),
        correlated: sampler.scores().is_some(),
        outcomes: keys.iter().enumerate().map(|(k, name)| named(name, label(k))).collect(),
        claims: model.claims.iter().map(|c| named(&c.name, &c.support.label)).collect(),
        asks: model.asks.iter().map(|a| named(&a.name, &a.support.label)).collect(),
        hypotheses: model.hypotheses.iter().map(|h| named(&h.name, &h.support.label)).collect(),
        observed: !model.observes.is_empty(),
    }
}

/// The digest of all of a model that its numbers depend on.
fn digest(model: &Model) -> String {
    Sha256::digest(plain(model)).iter().map(|b| format!("{b:02x}")).collect()
}

/// What numbers depend on, as text: the games, what is drawn, and what is asked of them. Where in the
/// source things stand, and what supports them, changes nothing.
pub(super) fn plain(model: &Model) -> String {
    let mut list = vec![model.game.sha256()];
    for (name, variant) in &model.variants {
        list.push(format!("{name} {} {:?}", variant.game.sha256(), variant.sets));
    }
    list.extend(model.params.iter().map(|p| format!("{} {:?}", p.name, p.kind)));
    list.extend(model.correlations.iter().map(|c| format!("{:?} {:?} {}", c.left, c.right, c.rank)));
    list.extend(model.claims.iter().map(|c| format!("{} {:?} {:?}", c.name, c.body, c.restriction)));
    list.extend(model.asks.iter().map(|a| format!("{} {:?}", a.name, a.body)));
    list.extend(model.observes.iter().map(|o| format!("{:?} {:?}", o.date, o.event)));
    list.extend(model.hypotheses.iter().map(|h| format!("{} {:?}", h.name, h.event)));
    let text = list.join("\n");
    // Places in the text are written `Span { … }`.
    let parts = text.split("Span {").enumerate();
    let rest = parts.map(|(k, part)| if k == 0 { part } else { part.split_once('}').map_or("", |(_, r)| r) });
    rest.collect()
}

impl Identity {
    /// Number of blocks of the whole run.
    pub fn blocks(&self) -> u64 {
        self.draws.div_ceil(self.block.max(1))
    }

    /// A block by number.
    pub fn block(&self, number: u64) -> Block {
        Block { from: number * self.block, to: ((number + 1) * self.block).min(self.draws) }
    }

    /// The numbers of the blocks of shard `i` of `n`, counted from 1.
    pub fn shard(&self, i: u64, n: u64) -> std::ops::Range<u64> {
        let at = |i: u64| (u128::from(self.blocks()) * u128::from(i) / u128::from(n.max(1))) as u64;
        at(i.saturating_sub(1))..at(i)
    }

    /// Says in words how another identity differs; `None` if it does not.
    pub fn difference(&self, other: &Identity) -> Option<String> {
        let said = |what: &str, own: &str, others: &str| Some(format!("{what} {others} instead of {own}"));
        if (&other.format, other.version) != (&self.format, self.version) {
            return said("it is of format version", &self.version.to_string(), &other.version.to_string());
        }
        if other.detente != self.detente {
            return said("it was written by version", &self.detente, &other.detente);
        }
        if other.title != self.title {
            return Some(format!("it is of another model, `{}`", other.title));
        }
        if other.model != self.model {
            return Some("it is of another version of this model".into());
        }
        let numbers = [
            ("seed", self.seed.to_string(), other.seed.to_string()),
            ("draws", self.draws.to_string(), other.draws.to_string()),
            ("sampler", self.sampler.clone(), other.sampler.clone()),
        ];
        for (what, own, others) in &numbers {
            if own != others {
                return Some(format!("it has {what} {others} instead of {own}"));
            }
        }
        (self != other).then(|| "it was computed with other settings".into())
    }
}
