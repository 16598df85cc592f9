//! A value inside a template.

use serde_json::{Map, Number, Value};

#[derive(Debug, Clone, Copy)]
pub(crate) enum Item<'a> {
    /// The data of a range over a null: Go's `reflect.ValueOf(nil)`. A null in a list is a nil inside an interface.
    /// They print differently.
    Absent,
    Value(&'a Value),
    /// One byte of a string, as a wildcard returns it.
    Byte(u8),
    // From the template.
    Text(&'a Vec<u8>),
    Int(i64),
    Float(f64),
    Bool(bool),
}

/// How numbers in the data are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// A number that fits into an `int64` is one.
    AsTheyAre,
    AsFloats,
}

/// An item's kind in Go's reflection.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind<'a> {
    Absent,
    Null,
    Bool(bool),
    /// From the data, or a literal of the template.
    Int(i64),
    Byte(u8),
    Float(f64),
    Text(&'a [u8]),
    List(&'a [Value]),
    Map(&'a Map<String, Value>),
}

impl<'a> Item<'a> {
    /// Converts the item to the data of a range or of the whole template.
    pub(super) fn entered(self) -> Self {
        match self {
            Item::Value(Value::Null) => Item::Absent,
            other => other,
        }
    }

    pub(crate) fn kind(self, numbers: Numbers) -> Kind<'a> {
        match self {
            Item::Absent => Kind::Absent,
            Item::Byte(byte) => Kind::Byte(byte),
            Item::Text(text) => Kind::Text(text),
            Item::Int(int) => Kind::Int(int),
            Item::Float(float) => Kind::Float(float),
            Item::Bool(bool) | Item::Value(&Value::Bool(bool)) => Kind::Bool(bool),
            Item::Value(Value::Null) => Kind::Null,
            Item::Value(Value::Number(number)) => numbers.read(number),
            Item::Value(Value::String(text)) => Kind::Text(text.as_bytes()),
            Item::Value(Value::Array(list)) => Kind::List(list),
            Item::Value(Value::Object(map)) => Kind::Map(map),
        }
    }

    /// Returns Go's name of its type.
    pub(super) fn type_name(self, numbers: Numbers) -> &'static str {
        match (self, self.kind(numbers)) {
            (Item::Int(_), _) => "int",
            (_, Kind::Absent | Kind::Null) => "<nil>",
            (_, Kind::Bool(_)) => "bool",
            (_, Kind::Int(_)) => "int64",
            (_, Kind::Byte(_)) => "uint8",
            (_, Kind::Float(_)) => "float64",
            (_, Kind::Text(_)) => "string",
            (_, Kind::List(_)) => "[]interface {}",
            (_, Kind::Map(_)) => "map[string]interface {}",
        }
    }

    /// Returns the number of its children.
    pub(super) fn length(self) -> usize {
        match self.kind(Numbers::AsTheyAre) {
            Kind::List(list) => list.len(),
            Kind::Map(map) => map.len(),
            Kind::Text(text) => text.len(),
            _ => 0,
        }
    }

    /// Returns what a wildcard finds: the values of a map by key, the elements of a list, the bytes of a string.
    pub(super) fn children(self) -> Vec<Item<'a>> {
        match self.kind(Numbers::AsTheyAre) {
            Kind::List(list) => list.iter().map(Item::Value).collect(),
            Kind::Map(map) => sorted(map)
                .into_iter()
                .map(|(_, value)| Item::Value(value))
                .collect(),
            Kind::Text(text) => text.iter().copied().map(Item::Byte).collect(),
            _ => Vec::new(),
        }
    }
}

impl Numbers {
    fn read<'a>(self, number: &Number) -> Kind<'a> {
        match (self, number.as_i64()) {
            (Numbers::AsTheyAre, Some(int)) => Kind::Int(int),
            _ => Kind::Float(number.as_f64().unwrap_or(f64::NAN)),
        }
    }
}

/// Returns the entries of a map by key, in whatever order `serde_json` keeps them.
pub(crate) fn sorted(map: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by_key(|(key, _)| *key);
    entries
}
