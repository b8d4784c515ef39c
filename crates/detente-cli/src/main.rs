//! The `detente` command: arguments in, one room called, an answer out.
//!
//! The one idea: the standard output holds the answer and nothing else; everything said about it
//! goes to the error stream. See `failure` for the exit codes.
#![forbid(unsafe_code)]

mod commands;
mod concepts;
mod failure;
mod input;
mod keeping;
mod output;
mod precision;
mod profiles;
mod solving;
mod sources;
mod sweeps;
mod watch;

use clap::{Parser, Subcommand};
use failure::Failure;
use std::process::ExitCode;

/// Searches make and drop short lists by the million.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Compute what strategic opponents would do, all of it, with a proof
#[derive(Debug, Parser)]
#[command(
    name = "detente",
    version,
    propagate_version = true,
    after_help = "\
Example:
  detente ask docs/first.det          answers and claims, over all equilibria
  detente solve docs/first.det        all equilibria, proven and checked
  detente report cases/europe-2022    one page with everything a reader must know

Exit code 0: an answer was printed, of any strength. 1: the input has errors, or a check failed.
2: the call is wrong, or a file cannot be read or written. 130: interrupted."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Solve(commands::solve::SolveArgs),
    Verify(commands::verify::VerifyArgs),
    Ask(commands::ask::AskArgs),
    Bargain(commands::bargain::BargainArgs),
    Test(commands::test::TestArgs),
    Check(commands::check::CheckArgs),
    Tree(commands::tree::TreeArgs),
    Why(commands::why::WhyArgs),
    Thresholds(commands::thresholds::ThresholdsArgs),
    Flip(commands::flip::FlipArgs),
    Infer(commands::infer::InferArgs),
    Fit(commands::fit::FitArgs),
    Levers(commands::levers::LeversArgs),
    Voi(commands::voi::VoiArgs),
    Map(commands::map::MapArgs),
    Sweep(commands::sweep::SweepArgs),
    Merge(commands::merge::MergeArgs),
    Sensitivity(commands::sensitivity::SensitivityArgs),
    Sees(commands::sees::SeesArgs),
    Forecast(commands::forecast::ForecastArgs),
    Score(commands::forecast::ScoreArgs),
    Sources(commands::sources::SourcesArgs),
    Report(commands::report::ReportArgs),
    Convert(commands::convert::ConvertArgs),
    Fmt(commands::fmt::FmtArgs),
    Explain(commands::explain::ExplainArgs),
    Bench(commands::bench::BenchArgs),
}

/// Stack of the working thread: the search recurses as deep as its proof.
const STACK: usize = 512 << 20;

fn main() -> ExitCode {
    if concepts::help_wanted(std::env::args_os()) {
        let printed = output::print(&concepts::overview());
        return printed.map_or_else(|failure| failure.report(), |()| ExitCode::SUCCESS);
    }
    // The options are read first: a wrong call ends here with code 2.
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(wrong) if wrong.use_stderr() => wrong.exit(),
        // Help and version are answers like others: a full disk is said.
        Err(help) => {
            let printed = output::print(&help.render().ansi().to_string());
            return printed.map_or_else(|failure| failure.report(), |()| ExitCode::SUCCESS);
        }
    };
    watch::listen();
    let work = std::thread::Builder::new().stack_size(STACK).spawn(move || run(&cli.command));
    let outcome = match work.map(std::thread::JoinHandle::join) {
        Ok(Ok(outcome)) => outcome,
        // The thread has said why it broke down.
        Ok(Err(_)) => return ExitCode::from(2),
        Err(e) => Err(Failure::misuse(format!("no thread can be started: {e}"), "free some memory")),
    };
    outcome.unwrap_or_else(|failure| failure.report())
}

fn run(command: &Command) -> failure::Outcome {
    match command {
        Command::Solve(args) => commands::solve::run(args),
        Command::Verify(args) => commands::verify::run(args),
        Command::Ask(args) => commands::ask::run(args),
        Command::Bargain(args) => commands::bargain::run(args),
        Command::Test(args) => commands::test::run(args),
        Command::Check(args) => commands::check::run(args),
        Command::Tree(args) => commands::tree::run(args),
        Command::Why(args) => commands::why::run(args),
        Command::Thresholds(args) => commands::thresholds::run(args),
        Command::Flip(args) => commands::flip::run(args),
        Command::Infer(args) => commands::infer::run(args),
        Command::Fit(args) => commands::fit::run(args),
        Command::Levers(args) => commands::levers::run(args),
        Command::Voi(args) => commands::voi::run(args),
        Command::Map(args) => commands::map::run(args),
        Command::Sweep(args) => commands::sweep::run(args),
        Command::Merge(args) => commands::merge::run(args),
        Command::Sensitivity(args) => commands::sensitivity::run(args),
        Command::Forecast(args) => commands::forecast::run(args),
        Command::Score(args) => commands::forecast::score(args),
        Command::Sources(args) => commands::sources::run(args),
        Command::Sees(args) => commands::sees::run(args),
        Command::Report(args) => commands::report::run(args),
        Command::Convert(args) => commands::convert::run(args),
        Command::Fmt(args) => commands::fmt::run(args),
        Command::Explain(args) => commands::explain::run(args),
        Command::Bench(args) => commands::bench::run(args),
    }
}
