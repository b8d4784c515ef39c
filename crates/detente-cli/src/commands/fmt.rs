//! `detente fmt`: models in the one layout.

use crate::failure::{Failure, Outcome};
use crate::input::read_text;
use crate::output::{error_colour, print, write_file};
use clap::Args;
use detente_diag::{FileId, Sources, has_errors, render_terminal_all};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Lay out models in the one layout, without changing what they mean
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  detente fmt --check docs/first.det   (says what would change)\n  detente fmt docs/first.det           (changes it)\n  detente fmt - < docs/first.det       (prints it)"
)]
pub struct FmtArgs {
    /// Models to rewrite; - reads the standard input and writes the standard output
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Change nothing; say which files would change, with exit code 1
    #[arg(long)]
    check: bool,
}

/// Formats every file.
///
/// # Errors
/// A file that cannot be read, parsed or written; with `--check` a file that would change.
pub fn run(args: &FmtArgs) -> Outcome {
    let mut wrong = Vec::new();
    for path in &args.files {
        let text = read_text(path)?;
        let name = path.display().to_string();
        let sources = Sources::single(name.clone(), text.clone());
        let parsed = detente_syntax::parse(FileId::default(), &text);
        if has_errors(&parsed.diagnostics) {
            anstream::eprint!("{}", render_terminal_all(&sources, &parsed.diagnostics, error_colour()));
            wrong.push(format!("`{name}` has errors and stays as it is"));
            continue;
        }
        let formatted = detente_syntax::format(&text);
        if args.check {
            if formatted != text {
                wrong.push(format!("`{name}` would change"));
            }
        } else if path == Path::new("-") {
            print(&formatted)?;
        } else if formatted != text {
            write_file(path, &formatted)?;
        }
    }
    if wrong.is_empty() { Ok(ExitCode::SUCCESS) } else { Err(Failure::Input(wrong.join("\n"))) }
}
