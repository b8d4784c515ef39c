//! The standard output and files: whole or not at all.
//!
//! The one idea: a file is written under a temporary name beside its place and renamed when it is
//! complete, so a full disk or a stop leaves the old file as it was.

use crate::failure::Failure;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The temporary file being written, for the interrupt handler to remove.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Returns whether the standard output shows colour.
pub fn colour() -> bool {
    io::stdout().is_terminal() && anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// Returns whether the error stream shows colour.
pub fn error_colour() -> bool {
    io::stderr().is_terminal() && anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

/// Writes text to the standard output.
///
/// # Errors
/// A stream that is full or closed.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Err(Failure::Unheard),
        Err(e) => Err(Failure::misuse(
            format!("cannot write to the standard output: {}", reason(&e)),
            "make room there, or write to a file with -o where the command has it",
        )),
    }
}

/// Writes one JSON object to the standard output.
///
/// # Errors
/// A stream that is full or closed.
pub fn print_json(value: &serde_json::Value) -> Result<(), Failure> {
    let mut text = serde_json::to_string_pretty(value).expect("plain data always serializes");
    text.push('\n');
    print(&text)
}

/// Writes a whole file, or leaves what was there.
///
/// # Errors
/// A folder that does not exist or may not be written, or a full disk.
pub fn write_file(path: &Path, text: &str) -> Result<(), Failure> {
    write_bytes(path, text.as_bytes())
}

/// The same for bytes.
///
/// # Errors
/// As [`write_file`].
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |e: io::Error| {
        Failure::misuse(
            format!("cannot write `{}`: {}", path.display(), reason(&e)),
            "nothing was changed; make room, or choose another place",
        )
    };
    // Devices and pipes have no second name to be written under.
    if fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        return File::options().write(true).open(path).and_then(|mut f| f.write_all(bytes)).map_err(failed);
    }
    let name = path.file_name().ok_or_else(|| failed(io::Error::other("it names no file")))?;
    if path.is_dir() {
        return Err(failed(io::Error::other("it is a folder")));
    }
    let temporary = path.with_file_name(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id()));
    remember(Some(temporary.clone()));
    let written = write_whole(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The error that matters is the first one.
        let _ = fs::remove_file(&temporary);
    }
    remember(None);
    written.map_err(failed)
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn remember(path: Option<PathBuf>) {
    if let Ok(mut slot) = UNFINISHED.lock() {
        *slot = path;
    }
}

/// Removes the file that was being written, if any; called when the user stops the program.
pub fn clean_up() {
    if let Ok(Some(path)) = UNFINISHED.try_lock().map(|mut slot| slot.take()) {
        let _ = fs::remove_file(path);
    }
}

/// Says why an input or output failed, in a few plain words.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "this is not permitted".into(),
        io::ErrorKind::StorageFull => "the disk is full".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        _ => error.to_string(),
    }
}
