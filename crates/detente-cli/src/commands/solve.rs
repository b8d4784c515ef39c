//! `detente solve`: what strategic players would do, with a proof.

use crate::commands::Format;
use crate::concepts::{Asked, Flag};
use crate::failure::{Failure, Outcome};
use crate::input::InputArgs;
use crate::solving::SolveOptions;
use clap::{Args, ValueEnum};
use detente_solve::Arm;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// Find all equilibria of a game, prove them and check the proof
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente solve docs/first.det
  detente solve --concept help
  detente solve docs/first.det --concept nash --format json
  detente solve docs/first.det --set q=0.5 --certificate proof.json
  detente solve docs/first.det --concept maxmin=Home
  detente solve docs/first.det --concept ce
  detente solve docs/first.det --concept ce --objective '2*Home + Rival'
  detente solve docs/first.det --lambda \"Home=2,Rival=5\"
  detente solve docs/first.det --concept qre --branch path.csv --plot path.svg
  detente solve docs/first.det --arms cfr+,sampled --rounds 2000 --checkpoint state.bin

The strength stands first: exact-complete (all equilibria, proven), exact-some (each proven, perhaps
not all), certified (within a proven bound), numeric (computed, not proven).")]
#[command(mut_arg("concept", |concept| {
    concept.help("Which concept; `--concept help` says when to use which").long_help(crate::concepts::long_help())
}))]
#[command(mut_arg("lambda", |lambda| {
    let text = "Precision of quantal response, in 1 / payoff units; implies --concept qre; one for all, or one \
                per player, as in \"Home=2,Rival=5\"";
    lambda.help(text).long_help(text)
}))]
pub struct SolveArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    pub options: SolveOptions,
    /// Look for all equilibria, also where the game is so large that one would be given
    #[arg(long, conflicts_with = "one")]
    pub all: bool,
    /// Make the game smaller first, and say what went: branches and actions that lead to the same, actions that
    /// are worse in any case; `weak` also by weak dominance, which may lose equilibria
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true,
          default_missing_value = "safe")]
    pub reduce: Option<Reduce>,
    /// Work on so many threads; the answer is the same on any number
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
    /// Seed of sampling methods; the same seed gives the same answer
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Keep what was computed in this file now and then, and go on from it when called again
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    pub checkpoint: Option<PathBuf>,
    /// Quantal response: write the whole branch from lambda 0 to this file, .csv or .json; up to --lambda, or
    /// until play has settled
    #[arg(long, value_name = "FILE")]
    pub branch: Option<PathBuf>,
    /// Quantal response: draw the whole branch into this file, .svg
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    /// Write the checkpoint every so many seconds; 0 as often as possible
    #[arg(long, value_name = "SECONDS", value_parser = crate::solving::seconds, default_value = "30", requires = "checkpoint")]
    pub checkpoint_every: Duration,
    /// Variants of regret minimisation to play, side by side: cfr, cfr+, dcfr, pcfr+, sapcfr+, hs-pcfr+,
    /// sampled; without it, those that suit the game
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = arm, conflicts_with = "all")]
    pub arms: Vec<String>,
    /// Play so many rounds of each variant, then end; one of `sampled` is many drawn plays in a large game. This is
    /// one game with one set of payoffs: draws of payoffs are for `detente sweep`, which proves each, as averages of
    /// regret minimisation over several draws at once would come without a proof
    #[arg(long, value_name = "N", conflicts_with = "all")]
    pub rounds: Option<u64>,
    /// Correlated equilibria and mediators: the range of this sum alone, such as "2*Home + Rival - 10*prob(war)",
    /// of players' payoffs and outcomes' probabilities
    #[arg(long, value_name = "SUM", allow_hyphen_values = true)]
    pub objective: Option<String>,
    /// Write the proof to this file, for `detente verify`
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// How far a game may be reduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reduce {
    /// No equilibrium is lost
    Safe,
    /// By weak dominance, too: equilibria may be lost
    Weak,
}

impl Reduce {
    /// Whether weak dominance may be used.
    pub fn weakly(self) -> bool {
        self == Reduce::Weak
    }
}

fn arm(text: &str) -> Result<String, String> {
    match Arm::named(text, 1) {
        Some(_) => Ok(text.to_string()),
        None => Err("write some of cfr, cfr+, dcfr, pcfr+, sapcfr+, hs-pcfr+, sampled".to_string()),
    }
}

impl SolveArgs {
    /// Threads to work on: as asked, or as many as the machine has.
    pub fn workers(&self) -> usize {
        self.threads.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from)
    }

    /// Whether the call asks for regret minimisation by an option that only it has.
    pub fn by_regret(&self) -> bool {
        self.checkpoint.is_some() || !self.arms.is_empty() || self.rounds.is_some()
    }

    /// Whether a variant was asked for whose plays are drawn.
    pub fn draws(&self) -> bool {
        self.arms.iter().any(|arm| arm == "sampled")
    }

    /// The options given that speak to some concepts only.
    fn given(&self) -> Vec<Flag> {
        let given = [
            (Flag::All, self.all),
            (Flag::One, self.options.one()),
            (Flag::Lambda, self.options.has_lambda()),
            (Flag::Branch, self.branch.is_some()),
            (Flag::Plot, self.plot.is_some()),
            (Flag::Threads, self.threads.is_some()),
            (Flag::Seed, self.seed.is_some()),
            (Flag::Checkpoint, self.checkpoint.is_some()),
            (Flag::Arms, !self.arms.is_empty()),
            (Flag::Rounds, self.rounds.is_some()),
            (Flag::Certificate, self.certificate.is_some()),
            (Flag::Reduce, self.reduce.is_some()),
            (Flag::Objective, self.objective.is_some()),
        ];
        given.into_iter().filter(|(_, is)| *is).map(|(flag, _)| flag).collect()
    }
}

/// Solves, checks, prints.
///
/// # Errors
/// A file that cannot be read or written, an option that does not fit the concept, or an interrupt.
pub fn run(args: &SolveArgs) -> Outcome {
    let wish = args.options.wish();
    let row = wish.row;
    if let Some(flag) = args.given().into_iter().find(|flag| !row.takes.contains(flag)) {
        return Err(Failure::misuse(
            format!("`{}` says nothing to --concept {}", flag.name(), row.written()),
            "leave it out; `--concept help` lists what each concept takes",
        ));
    }
    if args.by_regret() && args.reduce.is_some() {
        return Err(Failure::misuse(
            "`--reduce` says nothing to regret minimisation, which --arms, --rounds and --checkpoint ask for",
            "leave one of them out",
        ));
    }
    let loaded = args.input.load()?;
    (row.answer)(&Asked { game: &loaded.game, numbers: &loaded.numbers, args, wish })
}
