//! The pages of `docs/checks/`: each example shows exactly its own message, each repair none of it.

mod common;

use common::{Memory, rendered, top};
use detente_model::{Limits, Loaded, SLUGS, load};
use std::collections::BTreeSet;

/// Messages that reading a model cannot show.
const WITHOUT_EXAMPLE: [&str; 3] = ["imperfect-recall", "unreadable-file", "vacuous"];

fn try_out(text: &str) -> Loaded {
    let file = |name: &str, text: &str| (name.to_string(), text.to_string());
    let files = vec![
        file("model.det", text),
        file("refs.bib", "@book{key, title = {A source}, year = 2000}"),
        file("own.bib", "@book{key, title = {A source}, year = 2000}"),
        file("broken.bib", "@book{}"),
        file("good.det", "fn half(x) = x / 2\n"),
        file("costs.csv", "kind,cost\nstrong,0.2\nweak,0.6\n"),
        file("gaps.csv", "kind,cost\nstrong,\nweak,n/a\n"),
        file("asks.det", "ask risk = prob(war)\n"),
    ];
    load(&Memory { files }, "model.det", Limits::default())
}

/// The fenced blocks of a page: what follows `detente` on the fence, and the text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some((info.trim_start_matches("detente").trim().to_string(), String::new()));
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

#[test]
fn every_check_has_a_page_that_works() {
    let slugs = SLUGS.iter().chain(detente_syntax::SLUGS).map(|(slug, _)| *slug).collect::<BTreeSet<_>>();
    let mut wrong = Vec::new();
    for slug in &slugs {
        let path = top().join(format!("docs/checks/{slug}.md"));
        let Ok(page) = std::fs::read_to_string(&path) else {
            wrong.push(format!("{slug}: no page"));
            continue;
        };
        assert!(page.starts_with(&format!("# {slug}\n")), "{slug}: the title is the slug");
        let blocks = blocks(&page);
        if WITHOUT_EXAMPLE.contains(slug) {
            assert!(blocks.is_empty(), "{slug} cannot be shown");
            continue;
        }
        let [(mark, bad), (plain, good)] = &blocks[..] else {
            wrong.push(format!("{slug}: two blocks are needed"));
            continue;
        };
        assert_eq!((mark.as_str(), plain.as_str()), (*slug, ""), "{slug}: marks of the blocks");
        let shown: BTreeSet<&str> = try_out(bad).diagnostics.iter().map(|d| d.slug).collect();
        if shown != BTreeSet::from([*slug]) {
            wrong.push(format!("{slug}: the example shows {shown:?}\n{}", rendered(&try_out(bad))));
        }
        let repaired = try_out(good);
        if !repaired.diagnostics.is_empty() || repaired.model.is_none() {
            wrong.push(format!("{slug}: the repair still shows\n{}", rendered(&repaired)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_belongs_to_a_check() {
    let slugs: BTreeSet<&str> = SLUGS.iter().chain(detente_syntax::SLUGS).map(|(slug, _)| *slug).collect();
    for entry in std::fs::read_dir(top().join("docs/checks")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(slugs.contains(name.as_str()), "{name} is no check");
    }
}
