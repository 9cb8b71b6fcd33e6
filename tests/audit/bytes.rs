//! Bytes that programs read differently: commits, trees, acts.

use crate::common::RecordRepo;
use crate::history::History;

fn drafted(world: &RecordRepo) -> History<'_> {
    let history = History::new(world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history
}

#[test]
fn a_commit_with_a_header_twice_is_malformed_and_never_unsigned() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    history.commit_signed("2026-11-24T10:00:00Z", "ada-example", "ada-example");
    let sound = history.clone.git(&["cat-file", "commit", "HEAD"]) + "\n";
    let signature = sound.split_once("gpgsig ").unwrap().1.split_once("\n\n").unwrap().0;
    let (tree, parent) = (sound.lines().next().unwrap(), sound.lines().nth(1).unwrap());
    for forged in [
        sound.replace(tree, &format!("{tree}\n{tree}")),
        sound.replace("\n\nsigned", &format!("\ngpgsig {signature}\n\nsigned")),
        sound.replace("\n\nsigned", &format!("\ngpgsig-x {signature}\n\nsigned")),
        sound.replacen(" <", "\r <", 1),
        sound.replacen("author ", "author x\nauthor ", 1),
        sound.replace("gpgsig ", "gpgsig-sha256 "),
        sound.replacen("parent ", &format!("{parent}\nparent "), 1),
    ] {
        history.raw_commit(forged.as_bytes());
        history.finds(&["error commit-malformed"]);
    }
    history.raw_commit(sound.as_bytes());
    history.finds(&[]);
}

#[test]
fn a_tree_with_a_name_twice_is_malformed() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    let listed = history.clone.git(&["ls-tree", "HEAD"]);
    let entry = |line: &str| {
        let (head, name) = line.split_once('\t').unwrap();
        let parts: Vec<&str> = head.split(' ').collect();
        let id: Vec<u8> = (0..20).map(|at| u8::from_str_radix(&parts[2][2 * at..2 * at + 2], 16).unwrap()).collect();
        [format!("{} {name}\0", parts[0].trim_start_matches('0')).into_bytes(), id].concat()
    };
    let commit = |lines: Vec<&str>| {
        let tree = history.raw_object("tree", &lines.iter().flat_map(|line| entry(line)).collect::<Vec<u8>>());
        let sound = history.clone.git(&["cat-file", "commit", "HEAD"]);
        let (_, rest) = sound.split_once('\n').unwrap();
        history.raw_commit(format!("tree {tree}\n{rest}\n").as_bytes());
    };
    let twice: Vec<&str> = listed
        .lines()
        .flat_map(|line| if line.contains("liaison.toml") { vec![line; 2] } else { vec![line] })
        .collect();
    commit(twice);
    history.finds(&["error tree-malformed"]);
    commit(listed.lines().collect());
    history.finds(&[]);
}

/// The audit after an approval whose file was changed.
fn with_file(change: impl Fn(&str) -> Vec<u8>) -> Vec<String> {
    let world = RecordRepo::new();
    let history = drafted(&world);
    let wanted = history.approval("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    let path = history.write("drafts/ech-in-5g", wanted);
    history.clone.write(&path, change(&history.clone.read(&path)));
    history.commit("2026-11-24T10:00:00Z");
    history.found()
}

#[test]
fn an_act_that_could_be_read_in_several_ways_is_not_read_at_all() {
    let unreadable = ["error record-unreadable"];
    let text = |from: &'static str, to: &'static str| move |text: &str| text.replacen(from, to, 1).into_bytes();
    assert_eq!(with_file(text("by: ada-example", "by: ada-example\nby: carla-sample")), unreadable, "a key twice");
    assert_eq!(with_file(text("by: ada-example", "by: &who ada-example\nrecorded-by: *who")), unreadable, "an anchor");
    assert_eq!(with_file(text("act: approve", "<<: {act: approve}")), unreadable, "a merge key");
    assert_eq!(with_file(text("act: approve", "act: !!str approve")), unreadable, "a tag");
    assert_eq!(with_file(text("by: ada-example", "by: аda-example")), unreadable, "a Cyrillic letter");
    assert_eq!(with_file(|text| [text.as_bytes(), b"# \xff\n"].concat()), unreadable, "no UTF-8");
    assert_eq!(with_file(|text| text.as_bytes().to_vec()), [""; 0]);
}

#[test]
fn a_name_that_looks_like_another_is_no_person() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    let person = history.clone.read("directory/people/ada-example.toml");
    history.clone.write("directory/people/аda-example.toml", person);
    history.commit("2026-11-24T10:00:00Z");
    history.finds(&["error record-unreadable", "warning mainline-change-unsigned"]);
}

#[test]
fn an_act_under_a_wrong_name_is_found_out() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    let path = history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    history.clone.write(&path.replace("T100000Z", "T100001Z"), history.clone.read(&path));
    history.commit("2026-11-24T11:00:00Z");
    history.finds(&["error record-unreadable"]);
}
