//! Which commits the mainline's branch pointed at: along first parents, unless it is known better.

use std::collections::BTreeSet;

use super::graph::{Graph, Index};

/// The commits of the mainline, as far as the history and earlier tips tell.
#[derive(Debug, Default)]
pub(super) struct Mainline {
    tips: BTreeSet<Index>,
}

impl Mainline {
    /// Marks the mainline of a history; `tips` are commits that it pointed at for sure.
    pub(super) fn mark(graph: &mut Graph<'_>, tips: BTreeSet<Index>) -> Self {
        let mainline = Self { tips };
        let new = graph.new_ones();
        let mut chain = BTreeSet::new();
        let mut next = graph.newest();
        while let Some(index) = next.filter(|index| new.contains(index)) {
            chain.insert(index);
            next = match graph.parents(index).as_slice() {
                [] => None,
                [only] => Some(*only),
                several => mainline.parent(graph, several).or_else(|| several.first().copied()),
            };
        }
        for index in new {
            let parents = graph.parents(index).into_iter();
            let floor = parents.filter_map(|parent| graph.get(parent)?.floor).max();
            if let Some(point) = graph.get_mut(index) {
                point.floor = if chain.contains(&index) { Some(index) } else { floor };
            }
        }
        mainline
    }

    /// The parent that the mainline had before a merge, where an earlier tip tells: the one that rests on a tip on which no
    /// other parent rests.
    pub(super) fn parent(&self, graph: &Graph<'_>, parents: &[Index]) -> Option<Index> {
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
