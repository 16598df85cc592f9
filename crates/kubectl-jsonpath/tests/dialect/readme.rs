//! The dialect's table in the README: `| template | prints | rule |`, for the data above it.

use serde_json::{Value, json};

use crate::question::Question;

pub(crate) const README: &str = include_str!("../../README.md");

/// A header that only this table has.
const HEADER: &str = "| template | prints | rule |\n|---|---|---|\n";

/// Returns each row's question with the promised answer.
pub(crate) fn rows() -> Vec<(Question, Value)> {
    let (before, table) = README.split_once(HEADER).unwrap();
    let (_, data) = before.rsplit_once("```json\n").unwrap();
    let data: Value = serde_json::from_str(data.split_once("```").unwrap().0).unwrap();
    let rows = table.lines().take_while(|line| !line.is_empty());
    rows.map(|row| {
        let [_, template, prints, ..] = row.split('|').map(str::trim).collect::<Vec<_>>()[..]
        else {
            panic!("{row}");
        };
        let question = Question {
            template: code(template).to_owned(),
            data: data.clone(),
            ..Question::default()
        };
        let answer = match prints.strip_prefix("error ") {
            Some(error) => json!({"error": code(error)}),
            None => json!({"ok": code(prints).replace("\\n", "\n")}),
        };
        (question, answer)
    })
    .collect()
}

#[track_caller]
fn code(cell: &str) -> &str {
    let code = cell
        .strip_prefix('`')
        .and_then(|rest| rest.strip_suffix('`'));
    code.unwrap_or_else(|| panic!("no code: {cell}"))
}
