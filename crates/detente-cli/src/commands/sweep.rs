//! `detente sweep`: very many draws of the priors, as sums and as a table.

use crate::commands::Format;
use crate::failure::{Failure, Outcome};
use crate::input::ModelArgs;
use crate::output::{colour, print, print_json};
use crate::solving::SolveOptions;
use crate::sweeps::{self, Parts, empty_state};
use crate::watch::Watch;
use clap::{Args, ValueEnum};
use detente_answer::sampler::{Points, Sampler};
use detente_answer::solved::on_big_stack;
use detente_answer::sweep::identity::{Run, identity};
use detente_answer::sweep::{Block, Identity, Job, State, rows, summary};
use detente_exact::Q;
use detente_model::Model;
use detente_report::{sweep_json, sweep_text};
use detente_solve::Progress;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Draw all uncertain parameters many times, with the whole set of equilibria of every draw
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente sweep cases/europe-2022/s3-four-reasons.det --draws 4096
  detente sweep docs/first.det --draws 100000 -o first.parquet
  detente sweep docs/first.det --draws 100000 --shard 1/4 -o part1.parquet     (then `detente merge`)

The lowest and the highest probability over all equilibria of a draw stay apart; no equilibrium is
chosen. With -o every draw is a row, blocks that are complete survive a crash, and the same call
goes on from there. Threads and shards change no number.")]
pub struct SweepArgs {
    #[command(flatten)]
    input: ModelArgs,
    #[command(flatten)]
    pub drawing: Drawing,
    /// Compute only part I of N of the draws, such as 2/7
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<(u64, u64)>,
    /// Write the draws to this Parquet file
    #[arg(short, long, value_name = "FILE.parquet")]
    out: Option<PathBuf>,
    /// Also follow the principal logit branch to this precision, in 1 / payoff units
    #[arg(long, value_name = "LAMBDA", value_parser = positive)]
    logit: Option<Q>,
    #[command(flatten)]
    options: SolveOptions,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How draws are taken.
#[derive(Clone, Debug, Args)]
pub struct Drawing {
    /// How many draws
    #[arg(long, value_name = "N", default_value_t = 4096, value_parser = clap::value_parser!(u64).range(1..))]
    pub draws: u64,
    /// The seed of the draws
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Where draws lie: scrambled Sobol' points fill the space more evenly than random ones
    #[arg(long, value_enum, default_value_t)]
    pub sampler: SamplerName,
    /// Threads; by default all cores. The answer does not depend on it
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

/// The samplers of the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SamplerName {
    /// Scrambled Sobol' points
    #[default]
    Sobol,
    /// Independent random points
    Random,
}

impl Drawing {
    /// The points of a sampler.
    ///
    /// # Errors
    /// Nothing to draw, or more parameters than Sobol' points have dimensions.
    pub fn points(&self, sampler: &Sampler) -> Result<Points, Failure> {
        if sampler.uncertain().next().is_none() {
            return Err(Failure::misuse(
                "no parameter of this model is uncertain, so every draw is the same",
                "give a parameter a prior, such as `~ 0.2 to 0.6`; `detente ask` answers at the base values",
            ));
        }
        match self.sampler {
            SamplerName::Random => Ok(Points::Random),
            SamplerName::Sobol => {
                sampler.sobol(self.seed).map_err(|e| Failure::misuse(e, "add --sampler random"))
            }
        }
    }

    /// Number of threads.
    pub fn cores(&self) -> usize {
        let all = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.unwrap_or_else(all).max(1)
    }
}

fn shard(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    match parts {
        Some((i, n)) if (1..=n).contains(&i) => Ok((i, n)),
        _ => Err("write a part and the number of parts, such as 2/7".into()),
    }
}

fn positive(text: &str) -> Result<Q, String> {
    Q::parse(text).filter(|q| q.is_positive()).ok_or_else(|| "write a positive number, such as 2.5".into())
}

/// Prepares the sampler of a model.
///
/// # Errors
/// Correlations that cannot hold together.
pub fn sampler(model: &Model) -> Result<Sampler<'_>, Failure> {
    Sampler::new(model)
        .map_err(|e| Failure::input(e, "make the correlations weaker, so that they can hold together"))
}

/// Fixes parameters at values given on the command line: they are not drawn any more.
///
/// # Errors
/// A parameter that does not exist, or a value that is no number.
pub fn fix(model: &mut Model, set: &[String]) -> Result<(), Failure> {
    let params = crate::input::params(&model.game, set)?;
    let named: Vec<&str> = set.iter().filter_map(|s| Some(s.split_once('=')?.0.trim())).collect();
    for (param, value) in model.game.params.iter_mut().zip(params) {
        param.base = value;
        if named.contains(&param.name.as_str()) {
            param.prior = None;
        }
    }
    Ok(())
}

/// Sweeps.
///
/// # Errors
/// A model with errors or without doubt, files that cannot be used, or an interrupt.
pub fn run(args: &SweepArgs) -> Outcome {
    let mut model = args.input.model()?;
    fix(&mut model, &args.input.set)?;
    let sampler = sampler(&model)?;
    let points = args.drawing.points(&sampler)?;
    let settings = args.options.settings()?;
    let id = identity(
        &model,
        &sampler,
        &Run {
            seed: args.drawing.seed,
            sobol: args.drawing.sampler == SamplerName::Sobol,
            draws: args.drawing.draws,
            concept: settings.concept,
            lambda: settings.lambda.clone(),
            logit: args.logit.clone(),
        },
    );
    let (i, n) = args.shard.unwrap_or((1, 1));
    let wanted: Vec<Block> = id.shard(i, n).map(|k| id.block(k)).collect();
    if let Some(found) = finished(args, &id, &wanted)? {
        return show(args, &id, &found.blocks, &found.state);
    }
    let watch = args.options.watch("sweeping");
    let job = Job::new(&model, &sampler, points, args.drawing.seed, settings, &watch)
        .with_logit(args.logit.clone());
    let parts = args.out.as_deref().map(|out| Parts::open(out, &id)).transpose()?;
    let (parts, known) = parts.map_or((None, vec![]), |(parts, known)| (Some(parts), known));
    let mut state = empty_state(&id);
    let mut done: Vec<Block> = vec![];
    for (block, part) in known.into_iter().filter(|(b, _)| wanted.contains(b)) {
        state.merge(&part);
        done.push(block);
    }
    if !done.is_empty() {
        let draws: u64 = done.iter().map(|b| b.to - b.from).sum();
        anstream::eprintln!("note: {draws} draws are on disk already; going on from there");
    }
    let todo: Vec<Block> = wanted.iter().copied().filter(|b| !done.contains(b)).collect();
    let work = Work { job: &job, id: &id, parts: parts.as_ref(), todo: &todo, watch: &watch };
    let outcome = work.all(args.drawing.cores(), state, done)?;
    let (state, mut done) = outcome;
    done.sort();
    let complete = done.len() == wanted.len();
    let kept = parts.as_ref().filter(|_| !complete);
    if let Some(parts) = kept {
        anstream::eprintln!(
            "note: {} of {} draws are kept in `{}`; the same call goes on from there",
            state.draws,
            wanted.iter().map(|b| b.to - b.from).sum::<u64>(),
            parts.folder().display()
        );
    }
    watch.finish().map_err(|f| if kept.is_some() { Failure::InterruptedKept } else { f })?;
    if let (Some(parts), Some(out), true) = (&parts, &args.out, complete) {
        parts.finish(out, &id, &done, &state)?;
    }
    show(args, &id, &joined(&done), &state)
}

/// The result of the same call, if it is there already.
fn finished(args: &SweepArgs, id: &Identity, wanted: &[Block]) -> Result<Option<sweeps::Sweep>, Failure> {
    let Some(out) = args.out.as_deref().filter(|out| out.exists()) else { return Ok(None) };
    let found = sweeps::open(out)?;
    let shown = out.display();
    let help = "delete it, or choose another name";
    if let Some(difference) = id.difference(&found.id) {
        return Err(Failure::misuse(format!("`{shown}` exists, and {difference}"), help));
    }
    if found.blocks != joined(wanted) {
        return Err(Failure::misuse(format!("`{shown}` exists, and holds other draws of this run"), help));
    }
    anstream::eprintln!("note: `{shown}` holds these draws already; nothing was computed");
    Ok(Some(found))
}

/// Neighbouring blocks as one.
pub fn joined(blocks: &[Block]) -> Vec<Block> {
    let mut list: Vec<Block> = vec![];
    for block in blocks {
        match list.last_mut() {
            Some(last) if last.to == block.from => last.to = block.to,
            _ => list.push(*block),
        }
    }
    list
}

fn show(args: &SweepArgs, id: &Identity, blocks: &[Block], state: &State) -> Outcome {
    let said = summary(id, state);
    match args.format {
        Format::Text => print(&sweep_text(id, blocks, &said, colour()))?,
        Format::Json => print_json(&sweep_json(id, blocks, &said))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The blocks that are left, and what they need.
struct Work<'a> {
    job: &'a Job<'a>,
    id: &'a Identity,
    parts: Option<&'a Parts>,
    todo: &'a [Block],
    watch: &'a Watch,
}

/// Says how much of all draws is done to whoever watches one solve.
struct Within<'a> {
    watch: &'a Watch,
    done: &'a AtomicU64,
    all: u64,
}

impl Progress for Within<'_> {
    fn keep_going(&self, _done: f64) -> bool {
        self.watch.may_go_on(self.done.load(Ordering::Relaxed) as f64 / self.all.max(1) as f64)
    }
}

impl Work<'_> {
    /// Computes the blocks on several threads; a thread takes the next block that nobody has.
    fn all(&self, threads: usize, state: State, done: Vec<Block>) -> Result<(State, Vec<Block>), Failure> {
        let next = AtomicU64::new(0);
        let drawn = AtomicU64::new(0);
        let all = self.todo.iter().map(|b| b.to - b.from).sum();
        let kept = Mutex::new((state, done));
        let failed: Mutex<Option<Failure>> = Mutex::new(None);
        let work = || {
            let within = Within { watch: self.watch, done: &drawn, all };
            while let Some(block) = self.todo.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                let Some(list) = rows(self.job, block.from, block.to, &within) else { return };
                let mut state = empty_state(self.id);
                list.iter().for_each(|row| state.add(row));
                if let Some(Err(e)) = self.parts.map(|p| p.keep(self.id, *block, &list, &state)) {
                    *failed.lock().expect("no thread breaks down while it holds this") = Some(e);
                    return;
                }
                drawn.fetch_add(block.to - block.from, Ordering::Relaxed);
                let mut kept = kept.lock().expect("no thread breaks down while it holds this");
                kept.0.merge(&state);
                kept.1.push(*block);
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..threads.min(self.todo.len()) {
                scope.spawn(|| on_big_stack(work));
            }
        });
        let failed = failed.into_inner().expect("no thread breaks down while it holds this");
        match failed {
            Some(failure) => Err(failure),
            None => Ok(kept.into_inner().expect("no thread breaks down while it holds this")),
        }
    }
}
