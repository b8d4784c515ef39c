//! A map of two parameters as text, as JSON and as a picture.
//!
//! The one idea: regions are filled where they are proven; the border between them is the paper
//! left white, so nothing is drawn that is not known. Letters stand in the largest box of a region.

use crate::number::significant;
use crate::paint::Paint;
use crate::palette::{DARK, LIGHT, TONES};
use crate::svg::escape;
use detente_game::Game;
use detente_parametric::plane::{Map, Region, Seen, Side};
use serde_json::{Value as Json, json};
use std::fmt::Write;

/// Side of the plane on paper, and the room around it.
const SIDE: f64 = 480.0;
const LEFT: f64 = 76.0;
const TOP: f64 = 56.0;
const BELOW: f64 = 64.0;
/// Width of the legend.
const LEGEND: f64 = 330.0;
/// Regions named in the legend and in the text; smaller ones are counted.
const NAMED: usize = 12;
/// Regions smaller than this share of the plane carry no letter.
const LETTERED: f64 = 0.004;

/// A map as one JSON object, see `docs/schema/map.schema.json`.
pub fn map_json(game: &Game, map: &Map, concept: &str) -> Json {
    json!({
        "detente": env!("CARGO_PKG_VERSION"),
        "game": {"title": game.title, "sha256": game.sha256()},
        "concept": concept,
        "map": map,
    })
}

/// A map in words.
pub fn map_text(map: &Map, concept: &str, colour: bool) -> String {
    let paint = Paint { colour };
    let mut text = format!(
        "{} of the plane is proven: which {concept} equilibria there are is the same all over each region.\n\
         {} from {} to {}, {} from {} to {}; the rest is border, narrower than 1/{} of a side.\n",
        paint.strong(&percent(map.certified)),
        map.x.param,
        significant(map.x.from),
        significant(map.x.to),
        map.y.param,
        significant(map.y.from),
        significant(map.y.to),
        map.resolution,
    );
    let base = (map.x.base, map.y.base);
    for region in map.regions.iter().take(NAMED) {
        let here = if holds(map, region, base) { "  (base values)" } else { "" };
        let head = format!("{}  {}", region.name, percent(region.area));
        text.push_str(&format!("\n{}{here}\n", paint.strong(&head)));
        if region.equilibria.len() > 1 {
            text.push_str(&format!("  {} equilibria overlap here\n", region.equilibria.len()));
        }
        region.equilibria.iter().for_each(|e| text.push_str(&format!("  {}\n", outcomes(e))));
    }
    if map.regions.len() > NAMED {
        text.push_str(&format!("\n{} smaller regions more\n", map.regions.len() - NAMED));
    }
    if let Some((why, count)) = map.open.first() {
        text.push_str(&format!("\nopen: {count} boxes of the border because {why}\n"));
    }
    text
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn outcomes(list: &[Seen]) -> String {
    let one = |s: &Seen| match significant(s.low) == significant(s.high) {
        true => format!("{} {}", s.outcome, significant(s.low)),
        false => format!("{} {} to {}", s.outcome, significant(s.low), significant(s.high)),
    };
    let list: Vec<String> = list.iter().map(one).collect();
    if list.is_empty() { "no outcome has a name".into() } else { list.join(", ") }
}

/// Whether a point lies in a proven box of the region.
fn holds(map: &Map, region: &Region, (x, y): (f64, f64)) -> bool {
    let step = |side: &Side, v: f64| (v - side.from) / (side.to - side.from) * f64::from(map.resolution);
    let (x, y) = (step(&map.x, x), step(&map.y, y));
    region.squares.iter().any(|s| {
        let inside = |from: u32, v: f64| f64::from(from) <= v && v <= f64::from(from + s.size);
        inside(s.x, x) && inside(s.y, y)
    })
}

/// The picture, as an SVG document.
pub fn map_svg(map: &Map, title: &str) -> String {
    let (width, height) = (LEFT + SIDE + LEGEND, TOP + SIDE + BELOW);
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"detente-map\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"map-title map-desc\" \
         font-family=\"Arial, &apos;Liberation Sans&apos;, sans-serif\" font-size=\"13\">"
    );
    let _ = writeln!(out, "<title id=\"map-title\">{}</title>", escape(title));
    let _ = writeln!(out, "<desc id=\"map-desc\">{}</desc>", escape(&map_text(map, "", false)));
    let _ = writeln!(
        out,
        "<style>@media screen and (prefers-color-scheme: dark) {{ .detente-map .paper {{ fill: {}; }} \
         .detente-map .ink {{ fill: {}; }} .detente-map .line {{ stroke: {}; }} }}</style>",
        DARK[0], DARK[1], DARK[2]
    );
    let _ =
        writeln!(out, "<rect class=\"paper\" width=\"{width}\" height=\"{height}\" fill=\"{}\"/>", LIGHT[0]);
    text(&mut out, LEFT, 24.0, "start", "font-weight=\"bold\" font-size=\"15\"", title);
    let proven = format!("{} proven; white between regions is border", percent(map.certified));
    text(&mut out, LEFT, 43.0, "start", "", &proven);
    for (k, region) in map.regions.iter().enumerate() {
        let _ = writeln!(
            out,
            "<path d=\"{}\" fill=\"{}\" fill-opacity=\"{}\" fill-rule=\"evenodd\"/>",
            path(map, region),
            TONES[k % TONES.len()].fill,
            opacity(k),
        );
    }
    let _ = writeln!(
        out,
        "<rect class=\"line\" x=\"{LEFT}\" y=\"{TOP}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"none\" stroke=\"{}\"/>",
        LIGHT[2]
    );
    for region in map.regions.iter().filter(|r| r.area >= LETTERED) {
        let (x, y) = place(map, region.sample);
        let halo = "font-weight=\"bold\" font-size=\"16\"";
        text(&mut out, x, y + 5.0, "middle", halo, &region.name);
    }
    axes(&mut out, map);
    base(&mut out, map);
    legend(&mut out, map);
    out.push_str("</svg>\n");
    out
}

/// Colours repeat after six, in lighter tones.
fn opacity(k: usize) -> f64 {
    [0.55, 0.28, 0.8][k / TONES.len() % 3]
}

fn place(map: &Map, (x, y): (f64, f64)) -> (f64, f64) {
    let share = |side: &Side, v: f64| (v - side.from) / (side.to - side.from);
    (LEFT + share(&map.x, x) * SIDE, TOP + (1.0 - share(&map.y, y)) * SIDE)
}

fn path(map: &Map, region: &Region) -> String {
    let mut d = String::new();
    for polygon in &region.polygons {
        for (k, point) in polygon.iter().enumerate() {
            let (x, y) = place(map, *point);
            let _ = write!(d, "{}{x:.2} {y:.2}", if k == 0 { "M" } else { "L" });
        }
        d.push('Z');
    }
    d
}

fn text(out: &mut String, x: f64, y: f64, anchor: &str, more: &str, words: &str) {
    let _ = writeln!(
        out,
        "<text class=\"ink\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{}\" {more}>{}</text>",
        LIGHT[1],
        escape(words)
    );
}

/// Five ticks on each side, and what the sides are.
fn axes(out: &mut String, map: &Map) {
    for k in 0..=4 {
        let share = f64::from(k) / 4.0;
        let value = |s: &Side| significant((s.from + (s.to - s.from) * share) * 1e6 / 1e6);
        let (x, y) = (LEFT + share * SIDE, TOP + (1.0 - share) * SIDE);
        let bottom = TOP + SIDE;
        let _ = writeln!(
            out,
            "<path class=\"line\" d=\"M{x} {bottom}v5M{LEFT} {y}h-5\" stroke=\"{}\" fill=\"none\"/>",
            LIGHT[2]
        );
        text(out, x, bottom + 20.0, "middle", "", &value(&map.x));
        text(out, LEFT - 9.0, y + 4.0, "end", "", &value(&map.y));
    }
    let name = |s: &Side| match s.label.is_empty() {
        true => s.param.clone(),
        false => format!("{} ({})", shortened(&s.label, 58), s.param),
    };
    text(out, LEFT + SIDE / 2.0, TOP + SIDE + 44.0, "middle", "", &name(&map.x));
    let turn = format!("transform=\"rotate(-90 20 {0})\"", TOP + SIDE / 2.0);
    text(out, 20.0, TOP + SIDE / 2.0, "middle", &turn, &name(&map.y));
}

/// A cross where the base values are.
fn base(out: &mut String, map: &Map) {
    let inside = |s: &Side| s.from <= s.base && s.base <= s.to;
    if !inside(&map.x) || !inside(&map.y) {
        return;
    }
    let (x, y) = place(map, (map.x.base, map.y.base));
    for (width, colour) in [(5.0, LIGHT[0]), (2.0, LIGHT[1])] {
        let _ = writeln!(
            out,
            "<path d=\"M{:.2} {y:.2}h14M{x:.2} {:.2}v14\" stroke=\"{colour}\" stroke-width=\"{width}\" \
             stroke-linecap=\"round\" fill=\"none\"/>",
            x - 7.0,
            y - 7.0
        );
    }
}

fn legend(out: &mut String, map: &Map) {
    let left = LEFT + SIDE + 24.0;
    let mut y = TOP + 12.0;
    for (k, region) in map.regions.iter().enumerate().take(NAMED) {
        if y > TOP + SIDE - 30.0 {
            break;
        }
        let _ = writeln!(
            out,
            "<rect x=\"{left}\" y=\"{:.1}\" width=\"14\" height=\"14\" fill=\"{}\" fill-opacity=\"{}\"/>",
            y - 11.0,
            TONES[k % TONES.len()].fill,
            opacity(k)
        );
        let head = format!("{}  {} of the plane", region.name, percent(region.area));
        text(out, left + 22.0, y, "start", "font-weight=\"bold\"", &head);
        if region.equilibria.len() > 1 {
            y += 16.0;
            text(
                out,
                left + 22.0,
                y,
                "start",
                "",
                &format!("{} equilibria overlap", region.equilibria.len()),
            );
        }
        for e in region.equilibria.iter().take(3) {
            for line in wrapped(&outcomes(e), 42) {
                y += 16.0;
                text(out, left + 22.0, y, "start", "", &line);
            }
        }
        y += 26.0;
    }
    let _ = writeln!(
        out,
        "<path class=\"line\" d=\"M{} {:.1}h14M{} {:.1}v14\" stroke=\"{}\" stroke-width=\"2\" fill=\"none\"/>",
        left,
        y - 4.0,
        left + 7.0,
        y - 11.0,
        LIGHT[1]
    );
    text(out, left + 22.0, y, "start", "", "base values");
}

fn shortened(words: &str, most: usize) -> String {
    match words.chars().count() > most {
        true => format!("{}…", words.chars().take(most - 1).collect::<String>()),
        false => words.to_string(),
    }
}

/// Breaks a list at its commas.
fn wrapped(words: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for part in words.split(", ") {
        let last = lines.last_mut().expect("it starts with one line");
        if last.is_empty() {
            last.push_str(part);
        } else if last.chars().count() + part.chars().count() + 2 <= most {
            last.push_str(", ");
            last.push_str(part);
        } else {
            last.push(',');
            lines.push(part.to_string());
        }
    }
    lines
}
