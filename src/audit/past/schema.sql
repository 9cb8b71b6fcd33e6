-- What was found of the commits of one branch's history, from one audit to the next.

-- One row: what the others are about, and how far they reach.
CREATE TABLE about (
  scope TEXT NOT NULL,    -- the program, the clone, the branch; rows of another scope are none
  tip BLOB,               -- the newest commit of the audit that came to its end
  aim BLOB,               -- the newest commit of the audit that is at work
  root INTEGER,           -- the commit that is trusted as it is
  latest INTEGER,         -- the latest time that counted
  ledger BLOB,            -- the ledger's commit that agreed with the mainline
  compared INTEGER NOT NULL, -- of how many commits' sendings it has entries
  closed TEXT NOT NULL    -- how many commits and acts there are for good
) STRICT;

-- Every commit, parents first.
CREATE TABLE commits (
  at INTEGER PRIMARY KEY, -- its place in the order
  id BLOB NOT NULL UNIQUE,
  tree BLOB,
  parents BLOB NOT NULL,  -- their places, eight bytes each
  depth INTEGER NOT NULL,
  clock INTEGER NOT NULL,
  time INTEGER NOT NULL,
  floor INTEGER,
  rests INTEGER NOT NULL, -- 1: on the root
  stranger TEXT           -- a signature that proves nothing here
) STRICT;
CREATE INDEX loose ON commits (rests, at) WHERE rests <> 1;
CREATE INDEX strangers ON commits (stranger) WHERE stranger IS NOT NULL;
CREATE INDEX to_come ON commits (time);

-- Commits with which something is wrong: they are judged again each time.
CREATE TABLE open (at INTEGER PRIMARY KEY) STRICT;

-- What a commit says that is no act and no revision.
CREATE TABLE facts (at INTEGER PRIMARY KEY, facts TEXT NOT NULL) STRICT;

CREATE TABLE acts (
  at INTEGER NOT NULL,
  path TEXT NOT NULL,
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  by TEXT NOT NULL,
  role TEXT NOT NULL,
  of TEXT NOT NULL,
  decides INTEGER NOT NULL, -- whether the approval table says who may do it
  groups TEXT NOT NULL,   -- one a line
  recorded_by TEXT NOT NULL,
  says TEXT NOT NULL,     -- what it says, apart from who and when
  day TEXT NOT NULL,
  content TEXT NOT NULL,
  key TEXT NOT NULL,
  is_good INTEGER NOT NULL,
  is_doubtful INTEGER NOT NULL
) STRICT;
CREATE INDEX acts_at ON acts (at);
CREATE INDEX acts_by_path ON acts (path);
CREATE INDEX acts_by_subject ON acts (subject);
CREATE INDEX acts_by_term ON acts (by, role, of, day);
CREATE INDEX acts_by_key ON acts (key) WHERE key <> '';
CREATE INDEX acts_in_doubt ON acts (at) WHERE is_doubtful;
CREATE INDEX acts_that_send ON acts (at) WHERE kind = 'sending';

-- Letters by the names they had, with the digests of their contents.
CREATE TABLE revisions (
  at INTEGER NOT NULL,
  content TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (content, name)
) STRICT, WITHOUT ROWID;

-- Stubs: the drafts that numbers come of.
CREATE TABLE stubs (
  at INTEGER NOT NULL,
  number TEXT NOT NULL,
  slug TEXT NOT NULL,
  file BLOB NOT NULL,
  PRIMARY KEY (number, slug, file)
) STRICT, WITHOUT ROWID;
CREATE INDEX stubs_by_file ON stubs (file);
CREATE INDEX stubs_by_slug ON stubs (slug);

-- Entries of the ledger that agreed with the mainline.
CREATE TABLE ledger (number TEXT PRIMARY KEY, draft TEXT) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_by_draft ON ledger (draft);
