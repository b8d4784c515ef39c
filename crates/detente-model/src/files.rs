//! Gathers a model's files: includes and bibliographies, resolved by the host.
//!
//! The core reads no disk. A host gives it [`Files`]; paths are relative to
//! the including file and joined here, with `/` on every machine.

use crate::bib;
use detente_diag::{Diagnostic, FileId, Sources, Span};
use detente_syntax::ast::{self, ItemKind};
use indexmap::IndexMap;

/// Where texts come from: a disk, a browser's memory, a test.
pub trait Files {
    /// Returns the text at a path.
    ///
    /// # Errors
    /// The reason in a few words, such as "no such file".
    fn read(&self, path: &str) -> Result<String, String>;

    /// Returns which of these keys no model that may share the bibliography at `path` cites.
    /// A host that cannot look around knows of none.
    fn uncited(&self, _path: &str, _keys: &[&str]) -> Vec<String> {
        Vec::new()
    }
}

/// Files held in memory, by path.
impl Files for IndexMap<String, String> {
    fn read(&self, path: &str) -> Result<String, String> {
        self.get(path).cloned().ok_or_else(|| "no such file".to_string())
    }
}

/// All items of a model and its includes.
#[derive(Debug, Default)]
pub struct Gathered {
    pub sources: Sources,
    pub items: Vec<ast::Item>,
    pub bibliographies: Vec<String>,
    pub entries: bib::Bibliography,
    /// Entries that no model of the host's cites, with the place that names their bibliography.
    pub uncited: Vec<(String, Span)>,
    /// True if a bibliography was named and all that were named could be read.
    pub complete: bool,
    /// False if the model of a case could not be read: then nothing is left to check.
    pub readable: bool,
    pub diagnostics: Vec<Diagnostic>,
    /// What stages were written out where.
    pub(crate) written: Vec<crate::expand::Written>,
}

/// More files than this are refused.
const MOST_FILES: usize = 200;

/// Reads the model at `path` and everything it includes.
pub fn gather(files: &dyn Files, path: &str) -> Gathered {
    let mut gathered = Gathered { complete: true, readable: true, ..Gathered::default() };
    match files.read(path) {
        Ok(text) => {
            let mut reader =
                Reader { files, gathered, open: Vec::new(), done: Vec::new(), models: 0, case: None };
            reader.file(path, text);
            gathered = reader.gathered;
            gathered.written = crate::expand::stages(&mut gathered.items, &mut gathered.diagnostics);
        }
        Err(reason) => gathered.diagnostics.push(unreadable(path, &reason)),
    }
    gathered
}

fn unreadable(path: &str, reason: &str) -> Diagnostic {
    Diagnostic::error("unreadable-file", format!("`{path}` cannot be read: {reason}"))
}

struct Reader<'a> {
    files: &'a dyn Files,
    gathered: Gathered,
    /// Files being read, outermost first.
    open: Vec<String>,
    done: Vec<String>,
    /// How many of the open files are models of a case, which may hold anything.
    models: usize,
    case: Option<Span>,
}

impl Reader<'_> {
    fn file(&mut self, path: &str, text: String) {
        let id: FileId = self.gathered.sources.add(path, text.clone());
        let parsed = detente_syntax::parse(id, &text);
        self.gathered.diagnostics.extend(parsed.diagnostics);
        self.open.push(path.to_string());
        for mut item in parsed.ast.items {
            if let ItemKind::Table(table) = &mut item.kind {
                self.table(path, table);
            }
            match &item.kind {
                ItemKind::Include(target) => self.include(path, target),
                ItemKind::Bibliography(target) => self.bibliography(path, target),
                _ if self.open.len() > 1 + self.models && !may_be_included(&item.kind) => {
                    self.gathered.diagnostics.push(
                        Diagnostic::error("include-content", "an included file may not hold this item")
                            .label(item.span, "it would become part of another model")
                            .help("an included file brings `fn`, `table`, `stage`, `param`, `const`, `unit`, `correlate` and sources; move this item to the model"),
                    );
                }
                ItemKind::Case(case) => self.case(path, case, &item.doc),
                _ => self.gathered.items.push(item),
            }
        }
        self.open.pop();
        self.done.push(path.to_string());
    }

    fn include(&mut self, from: &str, target: &ast::Text) {
        let path = join(from, &target.value);
        if let Some(at) = self.open.iter().position(|p| *p == path) {
            let chain = self.open[at..].iter().chain([&path]).cloned().collect::<Vec<_>>().join("` -> `");
            self.gathered.diagnostics.push(
                Diagnostic::error("cyclic-include", format!("`{path}` includes itself"))
                    .label(target.span, format!("`{chain}`"))
                    .help("remove this include, or move what both files need to a third"),
            );
            return;
        }
        if self.done.contains(&path) {
            return;
        }
        if self.gathered.sources.files().len() >= MOST_FILES {
            self.missing(&path, target.span, "too many files are included");
            return;
        }
        match self.files.read(&path) {
            Ok(text) => self.file(&path, text),
            Err(reason) => self.missing(&path, target.span, &reason),
        }
    }

    fn missing(&mut self, path: &str, span: Span, reason: &str) {
        self.gathered.diagnostics.push(
            Diagnostic::error("missing-include", format!("`{path}` cannot be included: {reason}"))
                .label(span, "named here")
                .help("the path is relative to the file that includes it"),
        );
    }

    /// Reads the model of a case, and puts the case's numbers and evidence in place of its own.
    fn case(&mut self, from: &str, case: &ast::Case, doc: &str) {
        if let Some(first) = self.case.filter(|first| first.file == case.span.file) {
            self.gathered.diagnostics.push(
                Diagnostic::error("duplicate-name", "a file holds one case")
                    .label(case.title.span, "a second one")
                    .label(first, "the first")
                    .help("give each case a file of its own; `detente report FOLDER` reads them together"),
            );
            return;
        }
        self.case = Some(case.title.span);
        let path = join(from, &case.model.value);
        if let Some(at) = self.open.iter().position(|p| *p == path) {
            let chain = self.open[at..].iter().chain([&path]).cloned().collect::<Vec<_>>().join("` -> `");
            self.gathered.diagnostics.push(
                Diagnostic::error("cyclic-include", format!("`{path}` is a case of itself"))
                    .label(case.model.span, format!("`{chain}`"))
                    .help("name the file that holds the model"),
            );
            self.gathered.readable = false;
            return;
        }
        let first = self.gathered.items.len();
        match self.files.read(&path) {
            Ok(text) => {
                self.models += 1;
                self.file(&path, text);
                self.models -= 1;
            }
            Err(reason) => {
                self.gathered.readable = false;
                return self.missing(&path, case.model.span, &reason);
            }
        }
        let model = self.gathered.items.split_off(first);
        let (items, found) = crate::instance::of(case, doc, model);
        self.gathered.items.extend(items);
        self.gathered.diagnostics.extend(found);
    }

    /// Reads the rows of a table that stands in a file of its own.
    fn table(&mut self, from: &str, table: &mut ast::Table) {
        let Some(target) = table.from.clone() else { return };
        let path = join(from, &target.value);
        match self.files.read(&path) {
            Ok(text) => {
                crate::csv::fill(table, &path, &text, target.span, &mut self.gathered.diagnostics);
            }
            Err(reason) => self.gathered.diagnostics.push(
                Diagnostic::error("missing-table", format!("`{path}` cannot be read: {reason}"))
                    .label(target.span, "named here")
                    .help("the path is relative to the file that names it"),
            ),
        }
    }

    fn bibliography(&mut self, from: &str, target: &ast::Text) {
        let path = join(from, &target.value);
        if self.gathered.bibliographies.contains(&path) {
            return;
        }
        match self.files.read(&path) {
            Ok(text) => {
                let read = bib::read(&text);
                for key in &read.repeated {
                    self.gathered.diagnostics.push(
                        Diagnostic::warning("bibliography", format!("`{path}` lists `{key}` more than once"))
                            .label(target.span, "the first entry counts")
                            .help("give each entry a key of its own"),
                    );
                }
                for offset in &read.broken {
                    let line = text[..*offset].matches('\n').count() + 1;
                    self.gathered.diagnostics.push(
                        Diagnostic::warning(
                            "bibliography",
                            format!("the entry at line {line} of `{path}` cannot be read"),
                        )
                        .label(target.span, "the bibliography named here")
                        .help("an entry reads `@book{key, title = {...}, year = 1995}`"),
                    );
                }
                let keys: Vec<&str> = read.entries.keys().map(String::as_str).collect();
                let uncited = self.files.uncited(&path, &keys);
                self.gathered.uncited.extend(uncited.into_iter().map(|key| (key, target.span)));
                for (key, entry) in read.entries {
                    self.gathered.entries.entry(key).or_insert(entry);
                }
            }
            Err(reason) => {
                self.gathered.complete = false;
                self.gathered.diagnostics.push(
                    Diagnostic::error("missing-bibliography", format!("`{path}` cannot be read: {reason}"))
                        .label(target.span, "named here")
                        .help("the path is relative to the file that names it"),
                );
            }
        }
        self.gathered.bibliographies.push(path);
    }
}

fn may_be_included(kind: &ItemKind) -> bool {
    matches!(
        kind,
        ItemKind::Unit(_)
            | ItemKind::Const(_)
            | ItemKind::Param(_)
            | ItemKind::Correlate(_)
            | ItemKind::Function(_)
            | ItemKind::Table(_)
            | ItemKind::Stage(_)
            | ItemKind::Error
    )
}

/// Joins a path to the folder of the file that names it, resolving `.` and `..`.
pub fn join(from: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    if target.starts_with('/') {
        return target;
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let rooted = from.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|p| *p != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    format!("{}{}", if rooted { "/" } else { "" }, parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn paths_are_relative_to_the_including_file() {
        assert_eq!(join("models/a.det", "lib/b.det"), "models/lib/b.det");
        assert_eq!(join("models/a.det", "../b.det"), "b.det");
        assert_eq!(join("a.det", "../b.det"), "../b.det");
        assert_eq!(join("/x/a.det", "./b.bib"), "/x/b.bib");
        assert_eq!(join("/x/a.det", "/y/b.bib"), "/y/b.bib");
    }
}
