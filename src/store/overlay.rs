//! A record as it would be if only its letters changed: directory, settings and trust root from one place, letters from another.

use super::{Contents, FileEntry, Files, Stamp, StoreError};

/// Letters judged by the rules of elsewhere.
pub struct Overlay<'f> {
    rules: &'f dyn Files,
    letters: &'f dyn Files,
}

impl<'f> Overlay<'f> {
    /// Letters, with directory, settings and trust root of another place.
    pub fn new(rules: &'f dyn Files, letters: &'f dyn Files) -> Self {
        Self { rules, letters }
    }

    fn place(&self, path: &str) -> &'f dyn Files {
        if is_of_rules(path) { self.rules } else { self.letters }
    }
}

/// Whether a path belongs to what governs the record.
pub fn is_of_rules(path: &str) -> bool {
    path == "liaison.toml" || path.starts_with("directory/") || path.starts_with("trust/")
}

impl Files for Overlay<'_> {
    fn list(&self) -> Result<Vec<FileEntry>, StoreError> {
        let mut entries = self.rules.list()?;
        entries.retain(|entry| is_of_rules(&entry.path));
        entries.extend(self.letters.list()?.into_iter().filter(|entry| !is_of_rules(&entry.path)));
        entries.sort();
        Ok(entries)
    }

    fn read_up_to(&self, path: &str, limit: u64) -> Result<Contents, StoreError> {
        self.place(path).read_up_to(path, limit)
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        self.place(path).stamp(path)
    }
}
