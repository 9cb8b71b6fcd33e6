//! The whole cycle by hand, from draft to sent: after each step `list`, `show`, `status` and `log` tell the truth.

mod common;

use common::{DIRECT, RecordRepo};
use serde_json::{Value, json};

const TITLE: &str = "Use of ECH in 5G core networks";
const SLUG: &str = "use-of-ech-in-5g-core-networks";

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

#[test]
fn a_letter_from_draft_to_sent_with_a_remote() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    assert_eq!(carla.new_letter(TITLE, &[]), SLUG);
    carla.ok(&["check"]).says("all is well");
}
