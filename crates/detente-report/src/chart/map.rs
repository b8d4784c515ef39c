//! A map of two parameters: regions filled, borders as curves, and the places one asks about.
//!
//! The one idea: regions are filled where they are proven, so what stays paper is not known. Each
//! carries its letter where it is widest; the words stand beside the plane.

use super::*;
use crate::number::significant;
use detente_parametric::plane::{Geometry, Map, Region, Side};

/// Side of the plane on paper, and the room around it.
const SIDE: f64 = 460.0;
const LEFT: f64 = 70.0;
const TOP: f64 = 14.0;
/// Width of the words beside it, in font sizes.
const BESIDE: f64 = 330.0;
const ROW: f64 = 16.0;
/// Regions named beside the plane.
const NAMED: usize = 12;
/// Regions smaller than this share of the plane carry no letter.
const LETTERED: f64 = 0.003;

/// Draws a map.
pub fn map(found: &Map, title: &str) -> Chart {
    let x_of = |v: f64| LEFT + SIDE * (v - found.x.from) / (found.x.to - found.x.from);
    let y_of = |v: f64| TOP + SIDE * (1.0 - (v - found.y.from) / (found.y.to - found.y.from));
    let at = |p: &(f64, f64)| Point { x: x_of(p.0), y: y_of(p.1) };
    let mut items = vec![];
    for (k, region) in found.regions.iter().enumerate() {
        let Geometry::MultiPolygon(polygons) = &region.geometry else { continue };
        let rings = polygons.iter().flatten().map(|ring| ring.iter().map(at).collect()).collect();
        items.push(Item::Area { rings, ink: Ink::Player(k), strength: strength(k) });
    }
    for curve in &found.curves {
        if let Geometry::LineString(points) = &curve.geometry {
            let points = points.iter().map(at).collect();
            items.push(Item::Line { points, ink: Ink::Text, width: 1.4, dash: Dash::Solid });
        }
    }
    for corner in &found.corners {
        if let Geometry::Point(p) = &corner.geometry {
            items.push(Item::Dot { at: at(p), radius: 2.6, ink: Ink::Text, hollow: false });
        }
    }
    frame(&mut items, found);
    let base = (found.x.base, found.y.base);
    for region in found.regions.iter().filter(|r| r.area >= LETTERED) {
        let (mut x, y) = (x_of(region.sample.0), y_of(region.sample.1));
        // The letter does not stand on the base values.
        if (x - x_of(base.0)).abs() < 14.0 && (y - y_of(base.1)).abs() < 14.0 {
            x += 18.0;
        }
        let run = Run::bold(region.name.clone(), Ink::Text);
        items.push(Item::Text(Label::new(
            Role::Owner,
            vec![run],
            Point { x, y: y + 5.0 },
            Anchor::Middle,
            15.0,
        )));
    }
    let mut places = vec![("base values".to_string(), base)];
    places.extend(found.marks.iter().map(|m| (m.label.clone(), (m.x, m.y))));
    let inside = |p: &(f64, f64)| {
        let within = |s: &Side, v: f64| s.from <= v && v <= s.to;
        within(&found.x, p.0) && within(&found.y, p.1)
    };
    for (k, (_, p)) in places.iter().enumerate().filter(|(_, (_, p))| inside(p)) {
        sign(&mut items, k, at(p));
        if k > 0 {
            let run = Run::new(places[k].0.clone(), Ink::Text);
            let (place, side) = match at(p).x > LEFT + SIDE * 0.7 {
                true => (Point { x: at(p).x - 9.0, y: at(p).y + 4.0 }, Anchor::End),
                false => (Point { x: at(p).x + 9.0, y: at(p).y + 4.0 }, Anchor::Start),
            };
            items.push(Item::Text(Label::new(Role::Legend, vec![run], place, side, SIZE)));
        }
    }
    let below = beside(&mut items, found, &places, &inside);
    let columns = ["region", "share", "equilibrium", "outcome", "low", "high", "formula"];
    let mut data = Data { columns: columns.map(String::from).to_vec(), rows: vec![] };
    for region in &found.regions {
        for (n, equilibrium) in region.equilibria.iter().enumerate() {
            for seen in equilibrium {
                data.rows.push(vec![
                    region.name.clone(),
                    format!("{}", region.area),
                    (n + 1).to_string(),
                    seen.outcome.clone(),
                    format!("{}", seen.low),
                    format!("{}", seen.high),
                    seen.formula.clone().unwrap_or_default(),
                ]);
            }
        }
    }
    Chart {
        slug: format!("map-{}-{}", found.x.param, found.y.param),
        width: LEFT + SIDE + 24.0 + BESIDE,
        height: below.max(TOP + SIDE + 62.0),
        title: title.to_string(),
        description: crate::map::map_text(found, "", false),
        items,
        data,
    }
}

/// Colours repeat after six, in other strengths.
fn strength(k: usize) -> f64 {
    [0.5, 0.24, 0.8][k / crate::palette::TONES.len() % 3]
}

/// The sign of a place: a cross for the base values, rings for others.
fn sign(items: &mut Vec<Item>, k: usize, at: Point) {
    if k > 0 {
        items.push(Item::Dot { at, radius: 4.5, ink: Ink::Text, hollow: true });
        return;
    }
    items.push(line((at.x - 7.0, at.y), (at.x + 7.0, at.y), Ink::Text, 2.2, Dash::Solid));
    items.push(line((at.x, at.y - 7.0), (at.x, at.y + 7.0), Ink::Text, 2.2, Dash::Solid));
}

/// The plane's edge, five ticks on each side, and what the sides are.
fn frame(items: &mut Vec<Item>, found: &Map) {
    let (right, bottom) = (LEFT + SIDE, TOP + SIDE);
    let corners = [(LEFT, TOP), (right, TOP), (right, bottom), (LEFT, bottom), (LEFT, TOP)];
    items.push(Item::Line {
        points: corners.iter().map(|(x, y)| Point { x: *x, y: *y }).collect(),
        ink: Ink::Faint,
        width: 1.0,
        dash: Dash::Solid,
    });
    for k in 0..=4 {
        let share = f64::from(k) / 4.0;
        let value = |s: &Side| significant(s.from + (s.to - s.from) * share);
        let (x, y) = (LEFT + share * SIDE, TOP + (1.0 - share) * SIDE);
        items.push(line((x, bottom), (x, bottom + 5.0), Ink::Faint, 1.0, Dash::Solid));
        items.push(line((LEFT - 5.0, y), (LEFT, y), Ink::Faint, 1.0, Dash::Solid));
        items.push(text(&value(&found.x), Ink::Text, x, bottom + 19.0, Anchor::Middle));
        items.push(text(&value(&found.y), Ink::Text, LEFT - 8.0, y + 4.0, Anchor::End));
    }
    let name = |s: &Side| match s.label.is_empty() {
        true => s.param.clone(),
        false => format!("{} ({})", s.label, s.param),
    };
    items.push(text(&format!("→ {}", name(&found.x)), Ink::Text, LEFT, bottom + 38.0, Anchor::Start));
    items.push(text(&format!("↑ {}", name(&found.y)), Ink::Text, LEFT, bottom + 55.0, Anchor::Start));
}

/// The words beside the plane; returns where they end.
fn beside(
    items: &mut Vec<Item>,
    found: &Map,
    places: &[(String, (f64, f64))],
    inside: &dyn Fn(&(f64, f64)) -> bool,
) -> f64 {
    let left = LEFT + SIDE + 24.0;
    let mut y = TOP + 12.0;
    for (k, region) in found.regions.iter().enumerate().take(NAMED) {
        let area = Rect { left, top: y - 11.0, right: left + 14.0, bottom: y + 3.0 };
        items.push(Item::Block { area, ink: Ink::Player(k), strength: strength(k) });
        let head = vec![
            Run::bold(region.name.clone(), Ink::Text),
            Run::new(format!("  {} of the plane", crate::map::percent(region.area)), Ink::Faint),
        ];
        items.push(Item::Text(Label::new(
            Role::Legend,
            head,
            Point { x: left + 22.0, y },
            Anchor::Start,
            SIZE,
        )));
        for words in described(region) {
            y += ROW;
            items.push(text(&words, Ink::Text, left + 22.0, y, Anchor::Start));
        }
        y += ROW + 8.0;
    }
    if found.regions.len() > NAMED {
        let words = format!("{} smaller regions more", found.regions.len() - NAMED);
        items.push(text(&words, Ink::Faint, left, y, Anchor::Start));
        y += ROW + 8.0;
    }
    let proven =
        format!("{} of the plane is proven; a line is a border", crate::map::percent(found.certified));
    items.push(text(&proven, Ink::Faint, left, y, Anchor::Start));
    for (k, (words, p)) in places.iter().enumerate() {
        y += ROW + 4.0;
        sign(items, k, Point { x: left + 7.0, y: y - 4.0 });
        let place = format!("{} {}, {} {}", found.x.param, significant(p.0), found.y.param, significant(p.1));
        let note = if inside(p) { "" } else { " (outside)" };
        items.push(text(&format!("{words}: {place}{note}"), Ink::Text, left + 22.0, y, Anchor::Start));
    }
    y + 14.0
}

/// A region's equilibria in lines that fit.
fn described(region: &Region) -> Vec<String> {
    const EQUILIBRIA: usize = 3;
    let mut lines = vec![];
    let several = region.equilibria.len() > 1;
    if several {
        lines.push(format!("{} equilibria overlap here:", region.equilibria.len()));
    }
    for equilibrium in region.equilibria.iter().take(EQUILIBRIA) {
        let words = crate::map::outcomes(equilibrium);
        for (n, part) in broken(&words, BESIDE - 40.0).into_iter().enumerate() {
            let mark = if several && n == 0 { "· " } else { "" };
            lines.push(format!("{mark}{part}"));
        }
    }
    if region.equilibria.len() > EQUILIBRIA {
        lines.push(format!("and {} more", region.equilibria.len() - EQUILIBRIA));
    }
    lines
}

/// Breaks a list at its commas, to a width.
fn broken(words: &str, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for part in words.split(", ") {
        match lines.last_mut() {
            Some(last) if width_of(&format!("{last}, {part}")) <= most => {
                last.push_str(", ");
                last.push_str(part);
            }
            Some(last) => {
                last.push(',');
                lines.push(part.to_string());
            }
            None => lines.push(part.to_string()),
        }
    }
    lines
}
