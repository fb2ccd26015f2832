//! JSON from outside: read with care, or refused with the place where it went wrong.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// How deep objects and arrays may be nested, the outermost included.
const DEEPEST: usize = 12;

/// Names that carry secrets, choose endpoints or reach into a script's objects. They mean nothing
/// in a scenario and never will, so they are dropped wherever they stand.
const FORBIDDEN: [&str; 15] = [
    "key",
    "api_key",
    "apikey",
    "token",
    "secret",
    "authorization",
    "base_url",
    "baseurl",
    "url",
    "headers",
    "endpoint",
    "proxy",
    "__proto__",
    "constructor",
    "prototype",
];

/// Reads a text as JSON. A key that stands twice in one object is an error, since readers disagree
/// on which one counts. Forbidden names are taken out and returned.
pub fn parse(text: &str) -> Result<(Value, Vec<String>), String> {
    let mut forbidden = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { depth: 0, forbidden: &mut forbidden }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| error.to_string())?;
    Ok((value, forbidden))
}

struct Strict<'a> {
    depth: usize,
    forbidden: &'a mut Vec<String>,
}

impl<'a> Strict<'a> {
    fn deeper(&mut self) -> Strict<'_> {
        Strict { depth: self.depth + 1, forbidden: self.forbidden }
    }

    fn check_depth<E: Error>(&self) -> Result<(), E> {
        match self.depth >= DEEPEST {
            true => Err(E::custom(format!("nested deeper than {DEEPEST} levels"))),
            false => Ok(()),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut access: A) -> Result<Value, A::Error> {
        self.check_depth()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self.deeper())? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut access: A) -> Result<Value, A::Error> {
        self.check_depth()?;
        let mut object = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            let value = access.next_value_seed(self.deeper())?;
            if FORBIDDEN.iter().any(|forbidden| name.eq_ignore_ascii_case(forbidden)) {
                self.forbidden.push(name);
            } else if object.contains_key(&name) {
                return Err(A::Error::custom(format!("“{name}” stands there twice")));
            } else {
                object.insert(name, value);
            }
        }
        Ok(Value::Object(object))
    }
}
