//! Which commits the mainline's branch pointed at: along first parents, unless it is known better.

use std::collections::BTreeSet;

use super::graph::{Graph, Index};

/// The commits of the mainline, as far as the history and earlier tips tell.
#[derive(Debug, Default)]
pub(super) struct Mainline {
    tips: BTreeSet<Index>,
    /// For each commit the newest commit of the mainline that it rests on, or is.
    floors: Vec<Option<Index>>,
}

impl Mainline {
    /// The mainline of a history; `tips` are commits that it pointed at for sure.
    pub(super) fn of(graph: &Graph, tips: &[Index]) -> Self {
        let mut mainline = Self { tips: tips.iter().copied().collect(), floors: vec![None; graph.points.len()] };
        let mut chain = BTreeSet::new();
        let mut next = graph.points.len().checked_sub(1);
        while let Some(index) = next {
            chain.insert(index);
            let parents = graph.get(index).map(|point| point.parents.as_slice()).unwrap_or_default();
            next = match parents {
                [] => None,
                [only] => Some(*only),
                several => mainline.parent(graph, several).or_else(|| several.first().copied()),
            };
        }
        for index in 0..graph.points.len() {
            let parents = graph.get(index).map(|point| point.parents.as_slice()).unwrap_or_default();
            let floor = parents.iter().filter_map(|parent| mainline.floor(*parent)).max();
            let floor = if chain.contains(&index) { Some(index) } else { floor };
            if let Some(place) = mainline.floors.get_mut(index) {
                *place = floor;
            }
        }
        mainline
    }

    /// The newest commit of the mainline that a commit rests on, or is.
    pub(super) fn floor(&self, index: Index) -> Option<Index> {
        self.floors.get(index).copied().flatten()
    }

    /// The parent that the mainline had before a merge, where an earlier tip tells: the one that rests on a tip on which no
    /// other parent rests.
    pub(super) fn parent(&self, graph: &Graph, parents: &[Index]) -> Option<Index> {
        if self.tips.is_empty() {
            return None;
        }
        let rests = |parent: Index| {
            let others = parents.iter().filter(|other| **other != parent);
            let mut own = BTreeSet::from_iter(graph.only(parent, *others.clone().next()?));
            for other in others.skip(1) {
                let only = BTreeSet::from_iter(graph.only(parent, *other));
                own.retain(|index| only.contains(index));
            }
            own.iter().any(|index| self.tips.contains(index)).then_some(parent)
        };
        let mut known = parents.iter().filter_map(|parent| rests(*parent));
        let first = known.next()?;
        known.next().is_none().then_some(first)
    }
}
