//! What a clone may lack: history that is not whole proves nothing about what it leaves out.

use super::Repo;

/// Something that makes the history of a clone another one than the record's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What it is, said of the clone: "it is shallow: …".
    pub what: &'static str,
    /// The commands that mend it, in their order.
    pub commands: Vec<String>,
}

impl Repo {
    /// What this clone lacks of the history that a remote has.
    pub fn gaps(&self, remote: &str) -> Vec<Gap> {
        [self.shallow(remote), self.partial(), self.grafted(), self.replaced()].into_iter().flatten().collect()
    }

    fn shallow(&self, remote: &str) -> Option<Gap> {
        self.inner.is_shallow().then(|| Gap {
            what: "it is shallow: older commits are cut off",
            commands: vec![format!("git fetch --unshallow {remote}")],
        })
    }

    fn partial(&self) -> Option<Gap> {
        let promisor = self.promisor()?;
        Some(Gap {
            what: "it is partial: files are missing until they are asked for",
            commands: vec![
                format!("git config --unset-all remote.{promisor}.partialclonefilter"),
                format!("git fetch --refetch {promisor}"),
                format!("git config --unset-all remote.{promisor}.promisor"),
                "git config --unset-all extensions.partialclone".into(),
            ],
        })
    }

    /// The remote that a partial clone would fetch from.
    fn promisor(&self) -> Option<String> {
        let config = self.inner.config().ok()?.snapshot().ok()?;
        if let Ok(name) = config.get_str("extensions.partialclone") {
            return Some(name.to_owned());
        }
        let remotes = self.inner.remotes().ok()?;
        let names = remotes.iter().filter_map(|name| name.ok().flatten().map(str::to_owned));
        names.into_iter().find(|name| config.get_bool(&format!("remote.{name}.promisor")).unwrap_or(false))
    }

    fn grafted(&self) -> Option<Gap> {
        let file = self.inner.commondir().join("info/grafts");
        let text = std::fs::read_to_string(&file).ok()?;
        text.lines().any(|line| !line.trim().is_empty()).then(|| Gap {
            what: "it has grafts: commits with other parents",
            commands: vec![format!("rm {}", file.display())],
        })
    }

    fn replaced(&self) -> Option<Gap> {
        let references = self.inner.references_glob("refs/replace/*").into_iter().flatten().filter_map(Result::ok);
        let names = references.filter_map(|reference| reference.name().ok().map(str::to_owned));
        let command = |name: String| format!("git replace -d {}", name.trim_start_matches("refs/replace/"));
        let commands: Vec<String> = names.map(command).collect();
        let what = "it has replace refs: objects that stand for others";
        (!commands.is_empty()).then_some(Gap { what, commands })
    }
}
