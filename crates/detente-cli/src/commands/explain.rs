//! `detente explain`: what a message means, with an example and its repair.

use crate::failure::{Failure, Outcome};
use crate::output::print;
use clap::Args;
use std::process::ExitCode;

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// Explain a message by its name in brackets
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  detente explain turn-leaks\n  detente explain            (lists all names)"
)]
pub struct ExplainArgs {
    /// The name in brackets after `error` or `warning`
    slug: Option<String>,
}

/// Prints the page, or the list of all pages.
///
/// # Errors
/// A name that no page has.
pub fn run(args: &ExplainArgs) -> Outcome {
    let Some(slug) = &args.slug else {
        let mut list = String::new();
        for (slug, text) in PAGES {
            let about = text.lines().find(|l| !l.trim().is_empty() && !l.starts_with('#')).unwrap_or("");
            let about = about.split_once(". ").map_or(about.trim_end_matches('.'), |(first, _)| first);
            list.push_str(&format!("{slug:28} {about}\n"));
        }
        print(&list)?;
        return Ok(ExitCode::SUCCESS);
    };
    let wanted = slug.trim_matches(['[', ']']);
    match PAGES.iter().find(|(name, _)| *name == wanted) {
        Some((_, text)) => {
            print(&format!("{}\n", text.trim_end()))?;
            Ok(ExitCode::SUCCESS)
        }
        None => {
            let help = match detente_diag::nearest(wanted, PAGES.iter().map(|(name, _)| *name)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`detente explain` without a name lists them all".into(),
            };
            Err(Failure::misuse(format!("no message is called `{wanted}`"), help))
        }
    }
}
