//! JSON in and out. Numbers keep the digits they are written with.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Number, Value};

/// Reads a text. Of a key that stands twice in one object the last counts.
pub fn read(text: &str) -> Option<Value> {
    serde_json::from_str::<Loose>(text).ok().map(|loose| loose.0)
}

/// Reads the value a text begins with, and gives the rest of the text too.
pub fn read_first(text: &str) -> Option<(Value, &str)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Loose>();
    let value = values.next()?.ok()?.0;
    Some((value, text.get(values.byte_offset()..)?))
}

/// Reads a text, or says where it went wrong. A key that stands twice in one object is an error,
/// since readers disagree on which one counts; so is nesting deeper than `deepest` levels, the
/// outermost included.
pub fn read_strictly(text: &str, deepest: usize) -> Result<Value, String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Reader { levels_left: deepest, deepest, is_strict: true }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| error.to_string())
}

/// Writes a value on one line.
pub fn write(value: &Value) -> String {
    // Line breaks within texts are escaped, so all that stand there come from the layout.
    layout(value, "").replace('\n', "")
}

/// Writes a value for people to read, indented.
pub fn write_indented(value: &Value) -> String {
    layout(value, "  ")
}

/// A text in quotes.
pub fn quoted(text: &str) -> String {
    write(&Value::from(text))
}

/// An object with these fields.
pub fn object(fields: Vec<(&str, Value)>) -> Value {
    // One by one: collecting would bring the code for sorting them to the page.
    let mut object = Map::new();
    for (name, value) in fields {
        object.insert(name.to_string(), value);
    }
    Value::Object(object)
}

/// A number to 15 digits behind the point, for those from 0 up to 9: shares.
pub fn decimal(number: f64) -> Value {
    let quadrillionths = (number * 1e15).round() as u64;
    let digits = format!("{quadrillionths:016}");
    let (whole, fraction) = digits.split_at(digits.len() - 15);
    let text = format!("{whole}.{fraction}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    Value::Number(Number::from_string_unchecked(short.to_string()))
}

/// What a number is, to 15 significant digits.
pub fn to_f64(number: &Number) -> f64 {
    let text = number.as_str();
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    // An exponent that is no small number makes the number as good as zero or endless.
    let beyond = if exponent.starts_with('-') { -999 } else { 999 };
    let mut exponent = exponent.parse::<i32>().map_or(beyond, |n| n.clamp(-999, 999));
    let (mut significant, mut n_digits, mut is_behind_point) = (0_u64, 0, false);
    for digit in mantissa.bytes() {
        match digit {
            b'.' => is_behind_point = true,
            b'0'..=b'9' if n_digits < 15 => {
                significant = significant * 10 + u64::from(digit - b'0');
                n_digits += u8::from(significant > 0);
                exponent -= i32::from(is_behind_point);
            }
            b'0'..=b'9' => exponent += i32::from(!is_behind_point),
            _ => {}
        }
    }
    let power = (0..exponent.unsigned_abs().min(999)).fold(1.0, |power, _| power * 10.0);
    let size = if exponent < 0 { significant as f64 / power } else { significant as f64 * power };
    let size = if significant == 0 { 0.0 } else { size };
    if mantissa.starts_with('-') { -size } else { size }
}

/// A count, where the value is one.
pub fn to_u32(value: &Value) -> Option<u32> {
    u32::try_from(value.as_u64()?).ok()
}

/// Billionths of a number, or of digits in a text, that is not negative.
pub fn to_nano(value: &Value) -> Option<u64> {
    let nano = match value {
        Value::Number(number) => to_f64(number) * 1e9,
        Value::String(digits) => to_f64(&Number::from_string_unchecked(digits.trim().to_string())) * 1e9,
        _ => return None,
    };
    (0.0..1e18).contains(&nano).then_some((nano + 0.5) as u64)
}

fn layout(value: &Value, indent: &str) -> String {
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(indent.as_bytes());
    let written = serde::Serialize::serialize(value, &mut Serializer::with_formatter(&mut bytes, formatter));
    written.ok().and_then(|()| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The levels that a reply or a document may have; a stack has an end.
const DEEPEST: usize = 100;

/// A value read by [`Reader`], for readers that go by type.
struct Loose(Value);

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Reader { levels_left: DEEPEST, deepest: DEEPEST, is_strict: false }
            .deserialize(deserializer)
            .map(Loose)
    }
}

/// The name under which serde_json hands over a number that keeps its digits, as if it were an object.
const NUMBER: &str = "$serde_json::private::Number";

/// Makes a value of what a reader of JSON finds: the one way in, so that its code is there once.
#[derive(Clone, Copy)]
struct Reader {
    levels_left: usize,
    deepest: usize,
    is_strict: bool,
}

impl Reader {
    fn within<E: Error>(self) -> Result<Reader, E> {
        match self.levels_left.checked_sub(1) {
            Some(levels_left) => Ok(Reader { levels_left, ..self }),
            None => Err(E::custom(format!("nested deeper than {} levels", self.deepest))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Reader {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    /// The digits of a number: a text that stands in the source is handed over as a slice.
    fn visit_string<E: Error>(self, digits: String) -> Result<Value, E> {
        Ok(Value::Number(Number::from_string_unchecked(digits)))
    }

    // Numbers come as digits, so none of these is called; without them the words for refusing them
    // would be on the page.
    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(decimal(value))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let within = self.within()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(within)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            if name == NUMBER {
                return access.next_value_seed(self);
            }
            let value = access.next_value_seed(self.within()?)?;
            if object.insert(name.clone(), value).is_some() && self.is_strict {
                return Err(Error::custom(format!("“{name}” stands there twice")));
            }
        }
        Ok(Value::Object(object))
    }
}
