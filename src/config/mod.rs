//! `liaison.toml` → settings. With `directory` the only home of TOML.

mod parse;
mod settings;
mod tables;
pub mod toml_tree;

pub use parse::{FORMAT, Loaded, config_shape, parse_config};
pub use settings::{Flow, FlowMode, FormerId, Limits, Lock, Mail, NO_DOMAIN, RuleSetting, Settings, Transport};
pub use tables::{ANY, ApprovalRow, At, Authority, Cover, Grade, InformRow, Learner};
