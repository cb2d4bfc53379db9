//! What an unquoted YAML scalar means: the core schema of YAML 1.2, kept to what JSON can hold.

use serde_json::{Number, Value};

/// The value of a plain scalar, or why JSON has no such value.
pub(crate) fn plain(text: &str) -> Result<Value, String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Bool(false)),
        _ => {}
    }
    // Most scalars are words, and numbers start like numbers.
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
        return Ok(Value::String(text.to_owned()));
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Err(format!(
            "`{text}` is not a number in JSON; quote it if it is text"
        ));
    }
    if is_digits(unsigned, 10) {
        return integer(text, text, 10);
    }
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix)
            && is_digits(digits, radix)
        {
            return integer(text, digits, radix);
        }
    }
    if is_float(unsigned) {
        let number = text.parse::<f64>().ok().and_then(Number::from_f64);
        return number.map(Value::Number).ok_or_else(|| out_of_range(text));
    }
    Ok(Value::String(text.to_owned()))
}

fn integer(text: &str, digits: &str, radix: u32) -> Result<Value, String> {
    if let Ok(number) = i64::from_str_radix(digits, radix) {
        return Ok(number.into());
    }
    let number = u64::from_str_radix(digits, radix).map_err(|_| out_of_range(text))?;
    Ok(number.into())
}

fn out_of_range(text: &str) -> String {
    format!("the number `{text}` does not fit 64 bits; quote it if it is text")
}

fn is_digits(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_digit(radix))
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, the sign being gone already.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", fraction)) => is_digits(fraction, 10),
        Some((whole, fraction)) => {
            is_digits(whole, 10) && (fraction.is_empty() || is_digits(fraction, 10))
        }
        None => is_digits(mantissa, 10),
    };
    let exponent_fits =
        exponent.is_none_or(|e| is_digits(e.strip_prefix(['-', '+']).unwrap_or(e), 10));
    mantissa_fits && exponent_fits
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::plain;

    #[test]
    fn the_core_schema_and_nothing_of_yaml_1_1() {
        for (text, expected) in [
            ("~", Value::Null),
            ("True", json!(true)),
            ("007", json!(7)),
            ("-12", json!(-12)),
            ("+12", json!(12)),
            ("0o14", json!(12)),
            ("0xFf", json!(255)),
            ("18446744073709551615", json!(u64::MAX)),
            (".5", json!(0.5)),
            ("1.", json!(1.0)),
            ("-1.5e3", json!(-1500.0)),
            ("yes", json!("yes")),
            ("off", json!("off")),
            ("0b1", json!("0b1")),
            ("1_000", json!("1_000")),
            ("12:30:45", json!("12:30:45")),
            ("3.0.3", json!("3.0.3")),
            ("2024-01-01", json!("2024-01-01")),
            ("-", json!("-")),
            (".", json!(".")),
            ("e5", json!("e5")),
        ] {
            assert_eq!(plain(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn numbers_that_json_cannot_hold_are_refused() {
        for text in [
            ".inf",
            "-.Inf",
            ".NaN",
            "1e999",
            "18446744073709551616",
            "0x1ffffffffffffffff",
        ] {
            assert!(plain(text).is_err(), "{text}");
        }
    }
}
