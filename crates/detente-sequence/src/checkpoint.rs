//! The state of a search as bytes, and back.
//!
//! The one idea: what is read back is the whole state or nothing. A header says what game and what
//! version the bytes belong to, and their last 32 are the SHA-256 of all before, so a file that
//! was cut or changed anywhere is refused with its reason before a number of it is used.
//!
//! All numbers are little-endian; floats are their 64 bits. In order:
//! `DETENTES`, version (u32), game (32 bytes, see [`Form::digest`]), seed, block, rounds (u64), first gap
//! (f64), best: gap (f64), variant + 1 or 0 (u32), rounds (u64); players (u32) and the slots of each
//! (u64); the best plan (f64 per slot, player after player); variants (u32), each: its code and its
//! parameter (u32), rounds (u64), then per player regrets, last regrets (for variants that predict),
//! averages, plan; 1 or 0 (u32): whether rounds of all at once follow, and if so that run as the others,
//! the rounds' weight (f64), the summed gradients and payoffs, the step (u64) and the number (u32) of plans kept and these
//! plans; SHA-256 of everything before (32 bytes).

use crate::form::Form;
use crate::regret::{Arm, Memory, Run};
use crate::search::{Best, Board, Search};
use crate::together::{KEPT, Kept, Together};
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 8] = b"DETENTES";
/// Changes when the bytes or the rounds they continue change meaning.
const VERSION: u32 = 2;
const CHECKSUM: usize = 32;

/// Why a checkpoint is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    #[error("it is no checkpoint of a search")]
    Other,
    #[error("it was written by another version of this program (format {0}, this one reads {VERSION})")]
    Version(u32),
    #[error("it is cut short or was changed: its checksum does not agree")]
    Damaged,
    #[error("it belongs to another game, or to other numbers of this one")]
    Game,
    #[error("it was made with {0}")]
    Settings(String),
}

/// A state that was read, but not yet held against its game.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    pub game: [u8; 32],
    search: Raw,
}

/// A search without what follows from the game.
#[derive(Clone, Debug)]
struct Raw {
    seed: u64,
    block: u64,
    rounds: u64,
    first: f64,
    best: Best,
    runs: Vec<Played>,
    together: Option<(Played, f64, Vec<Vec<f64>>, Vec<f64>, Kept)>,
}

/// A run without what follows from its plans.
type Played = (Arm, u64, Vec<Memory>);

/// Writes a search as bytes.
pub fn write(search: &Search, game: &[u8; 32]) -> Vec<u8> {
    let slots: Vec<usize> = search.best.plan.iter().map(Vec::len).collect();
    let floats: usize = slots.iter().sum::<usize>() * (6 + 4 * search.runs.len());
    let mut out = Vec::with_capacity(floats * 8 + 1024);
    out.extend(MAGIC);
    out.extend(VERSION.to_le_bytes());
    out.extend(game);
    out.extend(search.seed.to_le_bytes());
    out.extend(search.block.to_le_bytes());
    out.extend(search.rounds.to_le_bytes());
    out.extend(search.first.to_bits().to_le_bytes());
    let best = &search.best;
    out.extend(best.gap.to_bits().to_le_bytes());
    out.extend((best.run.map_or(0, |k| k as u32 + 1)).to_le_bytes());
    out.extend(best.rounds.to_le_bytes());
    out.extend((slots.len() as u32).to_le_bytes());
    slots.iter().for_each(|s| out.extend((*s as u64).to_le_bytes()));
    best.plan.iter().for_each(|list| put(&mut out, list));
    out.extend((search.runs.len() as u32).to_le_bytes());
    search.runs.iter().for_each(|run| put_run(&mut out, run));
    out.extend(u32::from(search.together.is_some()).to_le_bytes());
    if let Some(together) = &search.together {
        put_run(&mut out, &together.run);
        put(&mut out, &[together.weight]);
        together.gradient.iter().for_each(|list| put(&mut out, list));
        put(&mut out, &together.value);
        out.extend(together.kept.step.to_le_bytes());
        out.extend((together.kept.plans.len() as u32).to_le_bytes());
        together.kept.plans.iter().flatten().for_each(|list| put(&mut out, list));
    }
    let sum = Sha256::digest(&out);
    out.extend(sum);
    out
}

fn put_run(out: &mut Vec<u8>, run: &Run) {
    let (code, parameter) = run.arm.code();
    out.extend(code.to_le_bytes());
    out.extend(parameter.to_le_bytes());
    out.extend(run.rounds.to_le_bytes());
    for memory in &run.memories {
        for list in [&memory.regret, &memory.last, &memory.average, &memory.plan] {
            put(out, list);
        }
    }
}

fn put(out: &mut Vec<u8>, list: &[f64]) {
    list.iter().for_each(|x| out.extend(x.to_bits().to_le_bytes()));
}

/// Reads what [`write`] wrote.
///
/// # Errors
/// Bytes that are no checkpoint, of another version, or not as they were written.
pub fn read(bytes: &[u8]) -> Result<Checkpoint, Refusal> {
    if bytes.len() < MAGIC.len() || &bytes[..MAGIC.len()] != MAGIC {
        // Nothing at all is what a full disk may have left.
        return Err(if bytes.is_empty() { Refusal::Damaged } else { Refusal::Other });
    }
    let Some(split) = bytes.len().checked_sub(CHECKSUM).filter(|s| *s >= MAGIC.len() + 4) else {
        return Err(Refusal::Damaged);
    };
    let (body, sum) = bytes.split_at(split);
    let mut reader = Reader { rest: &body[MAGIC.len()..] };
    let version = reader.u32().ok_or(Refusal::Damaged)?;
    if Sha256::digest(body).as_slice() != sum {
        return Err(Refusal::Damaged);
    }
    if version != VERSION {
        return Err(Refusal::Version(version));
    }
    let found = reader.checkpoint().ok_or(Refusal::Damaged)?;
    if reader.rest.is_empty() { Ok(found) } else { Err(Refusal::Damaged) }
}

impl Checkpoint {
    /// The seed it was made with.
    pub fn seed(&self) -> u64 {
        self.search.seed
    }

    /// The variants it was made with, in order.
    pub fn arms(&self) -> Vec<Arm> {
        self.search.runs.iter().map(|run| run.0).collect()
    }

    /// Rounds played by each variant.
    pub fn rounds(&self) -> u64 {
        self.search.rounds
    }

    /// The search as it stood, on the board of this game.
    ///
    /// # Errors
    /// Another game or other numbers.
    pub fn resume(self, board: &Board, game: &[u8; 32]) -> Result<Search, Refusal> {
        if self.game != *game {
            return Err(Refusal::Game);
        }
        let Raw { seed, block, rounds, first, best, runs, together } = self.search;
        let players = board.kernel.players();
        let shape = |p: usize, list: &Vec<f64>| list.len() == board.kernel.views[p].side.slots();
        let fits = |memories: &[Memory]| {
            memories.len() == players && memories.iter().enumerate().all(|(p, m)| shape(p, &m.plan))
        };
        // The digest agrees, so this can only be a file made to deceive.
        let all = runs.iter().chain(together.iter().map(|t| &t.0));
        if best.plan.len() != players || !all.into_iter().all(|(_, _, memories)| fits(memories)) {
            return Err(Refusal::Damaged);
        }
        let run = |(arm, rounds, memories): Played| Run::resume(&board.kernel, arm, rounds, memories);
        let runs = runs.into_iter().map(run).collect();
        let together = together.map(|(played, weight, gradient, value, kept)| Together {
            run: run(played),
            weight,
            gradient,
            value,
            kept,
        });
        let search = Search { seed, block, rounds, runs, together, best, first };
        if search.fits(board) { Ok(search) } else { Err(Refusal::Damaged) }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*head)
    }

    fn u32(&mut self) -> Option<u32> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.bytes().map(u64::from_le_bytes)
    }

    fn f64(&mut self) -> Option<f64> {
        self.u64().map(f64::from_bits)
    }

    fn list(&mut self, count: usize) -> Option<Vec<f64>> {
        // No more room is made than bytes are there.
        (count <= self.rest.len() / 8).then(|| (0..count).map_while(|_| self.f64()).collect())
    }

    fn checkpoint(&mut self) -> Option<Checkpoint> {
        let game = self.bytes()?;
        let (seed, block, rounds, first) = (self.u64()?, self.u64()?, self.u64()?, self.f64()?);
        let (gap, run, reached) = (self.f64()?, self.u32()?, self.u64()?);
        let players = self.u32()?;
        let slots = (0..players).map(|_| self.u64().and_then(|s| usize::try_from(s).ok()));
        let slots: Vec<usize> = slots.collect::<Option<_>>()?;
        let plan = slots.iter().map(|s| self.list(*s)).collect::<Option<_>>()?;
        let best = Best { gap, run: run.checked_sub(1).map(|k| k as usize), rounds: reached, plan };
        let count = self.u32()?;
        let runs = (0..count).map(|_| self.run(&slots)).collect::<Option<_>>()?;
        let together = match self.u32()? {
            0 => None,
            1 => {
                let (run, weight) = (self.run(&slots)?, self.f64()?);
                let gradient = slots.iter().map(|s| self.list(*s)).collect::<Option<_>>()?;
                Some((run, weight, gradient, self.list(slots.len())?, self.kept(&slots)?))
            }
            _ => return None,
        };
        (block > 0)
            .then_some(Checkpoint { game, search: Raw { seed, block, rounds, first, best, runs, together } })
    }

    fn kept(&mut self, slots: &[usize]) -> Option<Kept> {
        let (step, count) = (self.u64()?, self.u32()?);
        let plan = |reader: &mut Self| slots.iter().map(|s| reader.list(*s)).collect::<Option<_>>();
        let plans = (0..count.min(KEPT as u32 + 1)).map(|_| plan(self)).collect::<Option<Vec<_>>>()?;
        (plans.len() <= KEPT && (step > 0 || plans.is_empty())).then_some(Kept { step, plans })
    }

    fn run(&mut self, slots: &[usize]) -> Option<Played> {
        let arm = Arm::from_code(self.u32()?, self.u32()?)?;
        let rounds = self.u64()?;
        let memories = slots.iter().map(|s| {
            Some(Memory {
                regret: self.list(*s)?,
                last: self.list(if arm.predicts() { *s } else { 0 })?,
                average: self.list(*s)?,
                plan: self.list(*s)?,
            })
        });
        Some((arm, rounds, memories.collect::<Option<_>>()?))
    }
}

impl Form {
    /// The SHA-256 of everything that a search depends on: sets, leaves and weights.
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update((self.players() as u64).to_le_bytes());
        for side in &self.sides {
            hash.update((side.sets.len() as u64).to_le_bytes());
            for (k, set) in side.sets.iter().enumerate() {
                hash.update(set.0.to_le_bytes());
                hash.update(side.start[k + 1].to_le_bytes());
                hash.update(side.parent[k].to_le_bytes());
                hash.update(side.times[k].to_bits().to_le_bytes());
            }
        }
        for (slots, weights) in self.leaves.chunks(self.players()).zip(self.weights.chunks(self.players())) {
            slots.iter().for_each(|s| hash.update(s.to_le_bytes()));
            for weight in weights {
                let text = weight.to_string();
                hash.update((text.len() as u32).to_le_bytes());
                hash.update(text);
            }
        }
        hash.finalize().into()
    }
}
