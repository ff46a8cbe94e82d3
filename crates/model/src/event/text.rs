//! Values as producers write them: ids as numbers, times as milliseconds, money as text.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

use crate::Timestamp;

/// Text, or a number as text (n8n's execution ids are numbers).
#[derive(Debug)]
pub(super) struct Text<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("text or a whole number")
            }
            fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(value)))
            }
            fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(value.to_owned())))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }
        }
        deserializer.deserialize_any(TextVisitor)
    }
}

/// A whole number; `12.0` counts as one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole(pub i64);

/// The largest whole number that every JSON parser reads exactly.
pub(super) const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WholeVisitor;
        impl Visitor<'_> for WholeVisitor {
            type Value = Whole;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a whole number")
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<Whole, E> {
                Ok(Whole(value))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<Whole, E> {
                Ok(Whole(i64::try_from(value).unwrap_or(i64::MAX)))
            }
            fn visit_f64<E: Error>(self, value: f64) -> Result<Whole, E> {
                if value.fract() == 0.0 && value.abs() <= MAX_EXACT {
                    Ok(Whole(value as i64))
                } else {
                    Err(E::custom("expected a whole number"))
                }
            }
        }
        deserializer.deserialize_any(WholeVisitor)
    }
}

/// RFC 3339, or epoch milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(pub Timestamp);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MomentVisitor;
        impl Visitor<'_> for MomentVisitor {
            type Value = Moment;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an RFC 3339 time with an offset, or epoch milliseconds")
            }
            fn visit_str<E: Error>(self, value: &str) -> Result<Moment, E> {
                Timestamp::parse(value)
                    .map(Moment)
                    .ok_or_else(|| E::custom("expected an RFC 3339 time with an offset"))
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<Moment, E> {
                Ok(Moment(Timestamp(value)))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<Moment, E> {
                Ok(Moment(Timestamp(i64::try_from(value).unwrap_or(i64::MAX))))
            }
            fn visit_f64<E: Error>(self, value: f64) -> Result<Moment, E> {
                Ok(Moment(Timestamp(value as i64)))
            }
        }
        deserializer.deserialize_any(MomentVisitor)
    }
}
