//! Positions across the levels: as close as the words allow, parents over their children.
//!
//! After Reingold and Tilford, Tidier Drawings of Trees (1981): subtrees are pushed together until
//! their outlines touch. An outline here is a range per *band*: band 2L holds the nodes of level L,
//! band 2L+1 the branches below them, so that labels take part.

use super::outline::Item;

/// Room that a node needs in one band, relative to its own position.
pub type Need = (usize, f64, f64);

/// What the layout knows about the room around nodes and between siblings.
pub trait Room {
    /// Returns the room a node needs around itself.
    fn needs(&self, node: usize) -> Vec<Need>;
    /// Returns the least distance between two neighbouring children for the words on their branches.
    fn apart(&self, upper: usize, lower: usize) -> f64;
    /// Returns the room of the branch into `child`, relative to its parent, if the child stands
    /// `offset` from it.
    fn branch(&self, child: usize, offset: f64) -> Option<Need>;
}

/// The outline of a subtree: per band the lowest and highest position, if it uses the band.
#[derive(Clone, Default)]
struct Contour(Vec<Option<(f64, f64)>>);

impl Contour {
    fn add(&mut self, band: usize, low: f64, high: f64) {
        if self.0.len() <= band {
            self.0.resize(band + 1, None);
        }
        let slot = &mut self.0[band];
        *slot = Some(slot.map_or((low, high), |(l, h)| (l.min(low), h.max(high))));
    }

    fn merge(&mut self, other: &Contour, shift: f64) {
        for (band, range) in other.0.iter().enumerate() {
            if let Some((low, high)) = range {
                self.add(band, low + shift, high + shift);
            }
        }
    }

    /// How far `other` must be shifted to stand after this one.
    fn clearance(&self, other: &Contour) -> f64 {
        let both = self.0.iter().zip(&other.0).filter_map(|(a, b)| Some((a.as_ref()?.1, b.as_ref()?.0)));
        both.map(|(high, low)| high - low).fold(f64::NEG_INFINITY, f64::max)
    }
}

/// Space between the outlines of neighbouring subtrees.
const AIR: f64 = 6.0;

/// Returns the position of every node across the levels; the smallest is 0.
pub fn spread(items: &[Item], room: &dyn Room) -> Vec<f64> {
    let mut contours: Vec<Contour> = vec![Contour::default(); items.len()];
    let mut offset = vec![0.0; items.len()];
    for node in (0..items.len()).rev() {
        let children = &items[node].children;
        let mut merged = Contour::default();
        let mut places: Vec<f64> = Vec::with_capacity(children.len());
        for (k, child) in children.iter().enumerate() {
            let own = std::mem::take(&mut contours[*child]);
            let mut at = if k == 0 { 0.0 } else { merged.clearance(&own) + AIR };
            if k > 0 {
                at = at.max(places[k - 1] + room.apart(children[k - 1], *child));
            }
            merged.merge(&own, at);
            places.push(at);
        }
        let middle = match (places.first(), places.last()) {
            (Some(first), Some(last)) => (first + last) / 2.0,
            _ => 0.0,
        };
        let mut contour = Contour::default();
        contour.merge(&merged, -middle);
        for (child, at) in children.iter().zip(&places) {
            offset[*child] = at - middle;
            if let Some((band, low, high)) = room.branch(*child, at - middle) {
                contour.add(band, low, high);
            }
        }
        for (band, low, high) in room.needs(node) {
            contour.add(band, low, high);
        }
        contours[node] = contour;
    }
    let mut at = vec![0.0; items.len()];
    for (i, item) in items.iter().enumerate() {
        at[i] = item.parent.map_or(0.0, |p| at[p]) + offset[i];
    }
    let least = at.iter().copied().fold(f64::INFINITY, f64::min);
    at.iter().map(|a| a - least).collect()
}
