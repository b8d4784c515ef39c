//! Sweeps on disk: the file of a run, and the parts of one that is under way.
//!
//! The one idea: a part is a whole Parquet file that got its name when it was complete. So what has a
//! name survives a crash, and a run that is started again goes on from there. The final file is
//! written anew from the parts in the order of the draws, so it is the same bytes however the run went.

use crate::failure::Failure;
use crate::output::reason;
use detente_answer::sweep::columns::{Cells, columns};
use detente_answer::sweep::identity::{FORMAT, VERSION};
use detente_answer::sweep::{Block, Identity, Row, State};
use detente_store::{Column, Field, Reader, StoreError, Writer};
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// Rows in one group of a final file.
const GROUP: usize = 32_768;
/// Names in the footer.
const RUN: &str = "detente.sweep";
const BLOCKS: &str = "detente.blocks";
const STATE: &str = "detente.state";

/// A file of a sweep.
pub struct Sweep {
    pub path: PathBuf,
    pub id: Identity,
    pub blocks: Vec<Block>,
    pub state: State,
    pub reader: Reader<File>,
}

/// Opens a file that `detente sweep` wrote.
///
/// # Errors
/// A file that is missing, foreign, cut short, damaged, or of another version of the format.
pub fn open(path: &Path) -> Result<Sweep, Failure> {
    let shown = path.display();
    let file = File::open(path).map_err(|e| {
        Failure::misuse(
            format!("cannot read `{shown}`: {}", reason(&e)),
            "check the path and the permissions",
        )
    })?;
    let other = || {
        Failure::input(
            format!("`{shown}` is a Parquet file, but not of a sweep"),
            "give a file that `detente sweep -o` or `detente merge` wrote, unchanged",
        )
    };
    let reader = Reader::new(file).map_err(|e| match e {
        StoreError::Column(_) => other(),
        e => unreadable(path, &e),
    })?;
    let run = reader.known(RUN).ok_or_else(other)?;
    // The version is looked at first: a later one may hold anything else.
    let plain: serde_json::Value = serde_json::from_str(run).map_err(|_| other())?;
    if (plain["format"].as_str(), plain["version"].as_u64()) != (Some(FORMAT), Some(u64::from(VERSION))) {
        return Err(Failure::input(
            format!(
                "`{shown}` is of version {} of the format, and this program reads {VERSION}",
                plain["version"]
            ),
            "run the sweep again with this program",
        ));
    }
    let damaged = |_| unreadable(path, &StoreError::Damaged("its footer does not say what it should".into()));
    let id: Identity = serde_json::from_str(run).map_err(damaged)?;
    let blocks: Vec<Block> = serde_json::from_str(reader.known(BLOCKS).unwrap_or("")).map_err(damaged)?;
    let state: State = serde_json::from_str(reader.known(STATE).unwrap_or("")).map_err(damaged)?;
    let rows: u64 = blocks.iter().map(|b| b.to.saturating_sub(b.from)).sum();
    if rows != reader.rows() || rows != state.draws || !state.fits(&empty_state(&id)) {
        return Err(unreadable(
            path,
            &StoreError::Damaged("its rows are not those its footer speaks of".into()),
        ));
    }
    Ok(Sweep { path: path.to_path_buf(), id, blocks, state, reader })
}

/// A file that holds no table.
pub fn unreadable(path: &Path, error: &StoreError) -> Failure {
    let help = match error {
        StoreError::Foreign => "give a file that `detente sweep -o` wrote",
        _ => "delete it and run the sweep again; parts that are complete are not computed again",
    };
    Failure::input(format!("cannot use `{}`: {error}", path.display()), help)
}

/// The state of no rows of a run.
pub fn empty_state(id: &Identity) -> State {
    State::new(id.outcomes.len(), id.claims.len(), id.asks.len(), id.hypotheses.len())
}

/// Rows as columns to be stored.
fn stored(id: &Identity, rows: &[Row]) -> (Vec<Field>, Vec<Column>) {
    let list = columns(id, rows).into_iter().map(|c| {
        let column = match c.cells {
            Cells::Whole(list) => Column::Whole(list),
            Cells::Number(list) => Column::Number(list),
            Cells::Word(names, list) => Column::Word(names, list),
        };
        (Field::new(c.name, column.kind()), column)
    });
    list.unzip()
}

fn footer(id: &Identity, blocks: &[Block], state: &State) -> Vec<(String, String)> {
    let json = |text: serde_json::Result<String>| text.expect("plain data always serializes");
    vec![
        (RUN.into(), json(serde_json::to_string(id))),
        (BLOCKS.into(), json(serde_json::to_string(blocks))),
        (STATE.into(), json(serde_json::to_string(state))),
    ]
}

/// Writes a file under another name first: it gets its own when it is complete.
fn whole(
    path: &Path,
    write: impl FnOnce(BufWriter<File>) -> Result<BufWriter<File>, Failure>,
) -> Result<(), Failure> {
    let failed = |e: std::io::Error| {
        Failure::misuse(
            format!("cannot write `{}`: {}", path.display(), reason(&e)),
            "make room, or choose another place; what is complete is kept",
        )
    };
    let name = path.file_name().ok_or_else(|| failed(std::io::Error::other("it names no file")))?;
    let temporary = path.with_file_name(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id()));
    let file = File::create(&temporary).map_err(failed)?;
    let written = write(BufWriter::new(file)).and_then(|out| {
        let file = out.into_inner().map_err(|e| failed(e.into_error()))?;
        file.sync_all().and_then(|()| fs::rename(&temporary, path)).map_err(failed)
    });
    if written.is_err() {
        // The error that matters is the first one.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn unwritten(path: &Path) -> impl Fn(StoreError) -> Failure {
    let shown = path.display().to_string();
    move |e| Failure::misuse(format!("cannot write `{shown}`: {e}"), "make room, or choose another place")
}

/// Parts of a run under way, in a folder beside the final file.
pub struct Parts {
    folder: PathBuf,
}

impl Parts {
    /// Opens or makes the folder. Returns the states of the parts that are complete.
    ///
    /// # Errors
    /// A folder that cannot be used, or that holds parts of another run.
    pub fn open(out: &Path, id: &Identity) -> Result<(Parts, Vec<(Block, State)>), Failure> {
        let mut folder = out.as_os_str().to_owned();
        folder.push(".parts");
        let folder = PathBuf::from(folder);
        let failed = |e: std::io::Error| {
            Failure::misuse(
                format!("cannot use the folder `{}`: {}", folder.display(), reason(&e)),
                "choose another name for the result",
            )
        };
        fs::create_dir_all(&folder).map_err(failed)?;
        let mut paths: Vec<PathBuf> =
            fs::read_dir(&folder).map_err(failed)?.flatten().map(|e| e.path()).collect();
        paths.sort();
        let mut done = vec![];
        for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "parquet")) {
            // A part that cannot be read is computed again.
            let Ok(part) = open(path) else { continue };
            if let Some(difference) = id.difference(&part.id) {
                return Err(Failure::misuse(
                    format!("`{}` holds parts of another run: {difference}", folder.display()),
                    "delete that folder, or choose another name for the result",
                ));
            }
            if let [block] = part.blocks[..] {
                done.push((block, part.state));
            }
        }
        Ok((Parts { folder }, done))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self, block: Block) -> PathBuf {
        self.folder.join(format!("{:014}.parquet", block.from))
    }

    /// Writes one part.
    ///
    /// # Errors
    /// A full disk.
    pub fn keep(&self, id: &Identity, block: Block, rows: &[Row], state: &State) -> Result<(), Failure> {
        let path = self.path(block);
        let (fields, columns) = stored(id, rows);
        whole(&path, |out| {
            let mut writer = Writer::new(out, &fields).map_err(unwritten(&path))?;
            writer.group(&columns).map_err(unwritten(&path))?;
            writer.finish(&footer(id, &[block], state)).map_err(unwritten(&path))
        })
    }

    /// Makes the final file of all parts, and removes them.
    ///
    /// # Errors
    /// A full disk, or a part that was damaged meanwhile.
    pub fn finish(&self, out: &Path, id: &Identity, blocks: &[Block], state: &State) -> Result<(), Failure> {
        let sources: Vec<(Block, PathBuf)> = blocks.iter().map(|b| (*b, self.path(*b))).collect();
        join(out, id, &sources, state)?;
        // The result is complete; a folder that cannot be removed does no harm.
        let _ = fs::remove_dir_all(&self.folder);
        Ok(())
    }
}

/// Writes the rows of blocks, each in a file, as one file.
///
/// # Errors
/// A full disk, or a damaged source.
pub fn join(out: &Path, id: &Identity, sources: &[(Block, PathBuf)], state: &State) -> Result<(), Failure> {
    let (fields, empty) = stored(id, &[]);
    let mut list: Vec<Block> = vec![];
    let mut sources = sources.to_vec();
    sources.sort();
    for (block, _) in &sources {
        match list.last_mut() {
            Some(last) if last.to == block.from => last.to = block.to,
            _ => list.push(*block),
        }
    }
    whole(out, |file| {
        let mut writer = Writer::new(file, &fields).map_err(unwritten(out))?;
        let mut buffer = empty.clone();
        let mut open_one: Option<Stream> = None;
        for (block, path) in &sources {
            let mut stream = match open_one.take() {
                Some(stream) if stream.sweep.path == *path => stream,
                _ => Stream::new(open(path)?, block.from)?,
            };
            let mut left = (block.to - block.from) as usize;
            while left > 0 {
                let have = buffer.first().map_or(0, Column::len);
                let rows = stream.take(left.min(GROUP - have))?;
                left -= rows.first().map_or(left, Column::len);
                for (own, more) in buffer.iter_mut().zip(rows) {
                    own.append(more).map_err(|e| unreadable(path, &e))?;
                }
                if buffer.first().map_or(0, Column::len) == GROUP {
                    writer.group(&buffer).map_err(unwritten(out))?;
                    buffer = empty.clone();
                }
            }
            open_one = Some(stream);
        }
        if buffer.first().is_some_and(|c| !c.is_empty()) {
            writer.group(&buffer).map_err(unwritten(out))?;
        }
        writer.finish(&footer(id, &list, state)).map_err(unwritten(out))
    })
}

/// The rows of a file, one after the other, with one group in memory.
struct Stream {
    sweep: Sweep,
    next: usize,
    rows: Vec<Column>,
}

impl Stream {
    /// Begins at a draw.
    fn new(sweep: Sweep, from: u64) -> Result<Stream, Failure> {
        let before = sweep.blocks.iter().map(|b| from.clamp(b.from, b.to) - b.from).sum::<u64>();
        let mut stream = Stream { sweep, next: 0, rows: vec![] };
        let mut left = before as usize;
        while left > 0 {
            let taken = stream.take(left)?.first().map_or(left, Column::len);
            left -= taken;
        }
        Ok(stream)
    }

    /// Up to `count` rows, at least one.
    fn take(&mut self, count: usize) -> Result<Vec<Column>, Failure> {
        while self.rows.first().is_none_or(Column::is_empty) {
            if self.next == self.sweep.reader.groups() {
                return Err(unreadable(&self.sweep.path, &StoreError::Damaged("rows are missing".into())));
            }
            let group = self.sweep.reader.group(self.next);
            self.rows = group.map_err(|e| unreadable(&self.sweep.path, &e))?;
            self.next += 1;
        }
        Ok(self.rows.iter_mut().map(|c| c.take(count)).collect())
    }
}
