//! What questions and answers are called in a language, for tables and lists: no session is opened for it.

use baraza_forms::Form;
use std::collections::BTreeMap;

/// The words of one form in one language. Choices that were looked up are remembered.
pub struct Wording<'a> {
    form: &'a Form,
    language: Option<&'a str>,
    known: BTreeMap<(String, String), String>,
}

impl<'a> Wording<'a> {
    /// The words of a form; in its own language where it has not got the one asked for.
    pub fn new(form: &'a Form, language: Option<&'a str>) -> Self {
        Self { form, language, known: BTreeMap::new() }
    }

    /// What a question is called.
    pub fn question(&self, path: &str) -> Option<String> {
        self.form.question_label(path, self.language)
    }

    /// The question's type: `string`, `int`, `date`, `select1`, `select`, `rank`…; blank where the form has no such
    /// question.
    pub fn data_type(&self, path: &str) -> String {
        self.form.schema().column(path).map(|column| column.data_type.clone()).unwrap_or_default()
    }

    /// The choices that are the same for every record, with what they are called; empty where answers decide on them.
    pub fn choices(&self, path: &str) -> Vec<(String, String)> {
        let column = self.form.schema().column(path);
        let choices = column.into_iter().flat_map(|column| column.choices.iter());
        let named = choices.map(|choice| {
            let label = self.form.choice_label(path, &choice.value, self.language);
            (choice.value.clone(), label.unwrap_or_else(|| choice.value.clone()))
        });
        named.collect()
    }

    /// An answer as people read it: labels for the values of choices, everything else as it is stored.
    pub fn answer(&mut self, path: &str, value: &str) -> String {
        match self.data_type(path).as_str() {
            "select" | "rank" => {
                let named: Vec<String> = value.split_whitespace().map(|one| self.choice(path, one)).collect();
                named.join(", ")
            }
            "select1" => self.choice(path, value),
            _ => value.to_owned(),
        }
    }

    /// What one choice is called; its value where it has no label.
    pub fn choice(&mut self, path: &str, value: &str) -> String {
        let key = (path.to_owned(), value.to_owned());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let label = self.form.choice_label(path, value, self.language).unwrap_or_else(|| value.to_owned());
        self.known.insert(key, label.clone());
        label
    }
}
