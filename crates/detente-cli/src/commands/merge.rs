//! `detente merge`: shards of a sweep become one.

use crate::commands::Format;
use crate::commands::sweep::joined;
use crate::failure::{Failure, Outcome};
use crate::output::{colour, print, print_json};
use crate::sweeps::{Sweep, empty_state, join, open};
use clap::Args;
use detente_answer::sweep::{Block, summary};
use detente_report::{sweep_json, sweep_text};
use std::path::PathBuf;
use std::process::ExitCode;

/// Join the shards of a sweep: the same numbers, bit for bit, as without shards
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente sweep docs/first.det --draws 20000 --shard 1/2 -o one.parquet
  detente sweep docs/first.det --draws 20000 --shard 2/2 -o two.parquet
  detente merge one.parquet two.parquet -o all.parquet

The shards must be of one run: the same model, seed, sampler, number of draws and settings. The
merged file is the same, byte for byte, as that of the sweep without shards.")]
pub struct MergeArgs {
    /// Files that `detente sweep --shard` wrote
    #[arg(required = true)]
    shards: Vec<PathBuf>,
    /// Write all draws to this file
    #[arg(short, long, value_name = "FILE.parquet")]
    out: Option<PathBuf>,
    /// Merge though draws are missing: the result is a larger shard
    #[arg(long)]
    partial: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Merges.
///
/// # Errors
/// Files that are no shards of one run, that hold the same draw twice, or not all draws.
pub fn run(args: &MergeArgs) -> Outcome {
    let shards: Vec<Sweep> = args.shards.iter().map(|path| open(path)).collect::<Result<_, _>>()?;
    let Some(first) = shards.first() else {
        return Err(Failure::misuse("nothing to merge", "name the shards"));
    };
    let mut sources: Vec<(Block, PathBuf)> = vec![];
    let mut state = empty_state(&first.id);
    for shard in &shards {
        if let Some(difference) = first.id.difference(&shard.id) {
            let (one, other) = (first.path.display(), shard.path.display());
            return Err(Failure::input(
                format!("`{other}` does not belong to `{one}`: {difference}"),
                "merge shards of one run: the same model, seed, sampler, draws and settings",
            ));
        }
        sources.extend(shard.blocks.iter().map(|b| (*b, shard.path.clone())));
        state.merge(&shard.state);
    }
    sources.sort();
    if let Some(twice) = sources.windows(2).find(|w| w[1].0.from < w[0].0.to) {
        return Err(Failure::input(
            format!(
                "`{}` and `{}` hold the same draws, {} to {}",
                twice[0].1.display(),
                twice[1].1.display(),
                twice[1].0.from,
                twice[0].0.to.min(twice[1].0.to)
            ),
            "leave one of them out",
        ));
    }
    let blocks = joined(&sources.iter().map(|s| s.0).collect::<Vec<_>>());
    let whole = [Block { from: 0, to: first.id.draws }];
    if blocks != whole && !args.partial {
        return Err(Failure::input(
            format!("draws are missing: the shards hold {} of {}", ranges(&blocks), first.id.draws),
            "name all shards, or add --partial to make a larger shard",
        ));
    }
    let id = first.id.clone();
    if let Some(out) = &args.out {
        drop(shards);
        join(out, &id, &sources, &state)?;
    }
    let said = summary(&id, &state);
    match args.format {
        Format::Text => print(&sweep_text(&id, &blocks, &said, colour()))?,
        Format::Json => print_json(&sweep_json(&id, &blocks, &said))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn ranges(blocks: &[Block]) -> String {
    blocks.iter().map(|b| format!("{} to {}", b.from, b.to)).collect::<Vec<_>>().join(", ")
}
