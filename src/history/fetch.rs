//! Fetching that is judged before it counts: what a remote has is looked at aside, and the clone's picture of it moves only then.

use git2::Oid;

use super::{HistoryError, Repo, tracking};

/// Where fetched branches lie until they are judged.
const ASIDE: &str = "refs/liaison/fetched";

impl Repo {
    /// Fetches from a remote; `judge` is given what tells where its branches are, and says whether the clone takes that over. `settings` go
    /// before git's command. Tells whether it was taken over.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when git cannot fetch, or whatever `judge` returns; no branch of the remote is moved then.
    pub fn fetch_if<E: From<HistoryError>>(
        &self,
        settings: &[&str],
        remote: &str,
        judge: impl FnOnce(&dyn Fn(&str) -> Option<Oid>) -> Result<bool, E>,
    ) -> Result<bool, E> {
        let aside = format!("{ASIDE}/{}/", std::process::id());
        let place = format!("refs/remotes/{remote}/");
        let (mut outside, mut inside) = (Vec::new(), Vec::new());
        for refspec in self.refspecs(remote) {
            // What goes elsewhere than to the branches of the remote is no business of ours.
            if let Some((from, to)) = refspec.split_once(':')
                && let Some(name) = to.strip_prefix(&place)
            {
                outside.push(format!("{from}:{aside}{name}"));
                inside.push(format!("+{aside}{name}:{to}"));
            } else if refspec.starts_with('^') {
                outside.push(refspec);
            }
        }
        if inside.is_empty() {
            return judge(&|branch| self.tracked(remote, branch));
        }
        let fetch = ["fetch", "--quiet", "--prune", "--no-tags", "--refmap="];
        let fetched = self.git.run(&with(&[settings, &fetch, &[remote]].concat(), &outside)).map_err(E::from);
        let taken = fetched.and_then(|_| judge(&|branch| self.commit_at(&format!("{aside}{branch}"))));
        let moved = match taken {
            Ok(true) => self.git.run(&with(&[&fetch[..], &["."]].concat(), &inside)).map(|_| true),
            Ok(false) => Ok(false),
            Err(error) => {
                self.forget(&aside);
                return Err(error);
            }
        };
        self.forget(&aside);
        moved.map_err(E::from)
    }

    /// Whether a remote's branch still holds what it held when it was last fetched, now that it is at another commit, or gone.
    pub fn has_grown(&self, remote: &str, branch: &str, now: Option<Oid>) -> bool {
        self.tracked(remote, branch).is_none_or(|was| now.is_some_and(|now| self.contains(now, was)))
    }

    /// What git fetches from a remote, and where to.
    fn refspecs(&self, remote: &str) -> Vec<String> {
        let usual = || vec![format!("+refs/heads/*:{}", tracking(remote, "*"))];
        let found = self.inner.find_remote(remote).ok();
        let set = found.as_ref().and_then(|remote| remote.fetch_refspecs().ok());
        let set: Vec<String> = set.iter().flat_map(|set| set.iter().flatten().flatten().map(str::to_owned)).collect();
        if set.is_empty() { usual() } else { set }
    }

    /// Removes what lay aside.
    fn forget(&self, aside: &str) {
        for reference in self.inner.references_glob(&format!("{aside}*")).into_iter().flatten().flatten() {
            let mut reference = reference;
            let _ = reference.delete();
        }
    }
}

fn with(args: &[&str], more: &[String]) -> Vec<String> {
    args.iter().map(|arg| (*arg).to_owned()).chain(more.iter().cloned()).collect()
}
