//! Rules about waivers: they name rules that exist, and none that proves the record.

use super::Case;
use crate::domain::{ActKind, Detail};
use crate::findings::{Code, Finding, Place};

/// Reports waivers of rules that do not exist.
pub(super) fn unknown_rule(case: &Case<'_>) -> Vec<Finding> {
    let finding = |(code, place): (String, Place)| {
        let error = Code::parse(&code).err()?;
        let finding = case.finding(Code::UnknownRule, format!("a waiver names no rule: {error}")).at(place);
        Some(finding.help("`liaison explain` lists all rules"))
    };
    waived(case).into_iter().filter_map(finding).collect()
}

/// Reports waivers of rules of proof.
pub(super) fn rule_not_lowered(case: &Case<'_>) -> Vec<Finding> {
    let finding = |(code, place): (String, Place)| {
        let code = Code::parse(&code).ok().filter(|code| !code.may_be_lowered())?;
        let message = format!("`{code}` proves the record and cannot be waived");
        let finding = case.finding(Code::RuleNotLowered, message).at(place);
        Some(finding.help(format!("take the waiver out; `liaison explain {code}` says what the rule asks for")))
    };
    waived(case).into_iter().filter_map(finding).collect()
}

/// The codes that the letter's waivers name, and those of acts that annotate it, each with its place.
fn waived(case: &Case<'_>) -> Vec<(String, Place)> {
    let statement = &case.letter.statement;
    let own = statement.value.waivers.iter().enumerate().filter_map(|(index, waiver)| {
        Some((waiver.code.as_ref()?.to_string(), statement.place_in_item("waivers", index, "code")))
    });
    let of_acts = case.letter.acts_of(ActKind::Annotate).flat_map(|act| {
        let waivers = act.value.details.get("waivers").map_or(&[][..], |waivers| match waivers {
            Detail::List(items) => items.as_slice(),
            Detail::Text(_) | Detail::Map(_) => std::slice::from_ref(waivers),
        });
        waivers.iter().enumerate().filter_map(|(index, waiver)| {
            let Detail::Map(keys) = waiver else { return None };
            Some((keys.get("code")?.as_text()?, act.place_in_item("waivers", index, "code")))
        })
    });
    own.chain(of_acts).collect()
}
