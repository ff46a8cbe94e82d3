//! Parquet files, read as rows of cells.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use csv::StringRecord;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use parquet::basic::{LogicalType, TimeUnit, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use parquet::schema::types::Type;

use crate::error::ImportError;
use crate::input::Input;

use super::{Header, Next, Table};

/// How a column's cells are read.
#[derive(Clone, Copy)]
enum Cells {
    Plain,
    /// Integers that are times: how many make a second, and whether they are in UTC or local.
    Moments {
        per_second: i64,
        utc: bool,
    },
}

/// A Parquet file being read.
pub(super) struct Parquet<'a> {
    input: &'a Input,
    rows: RowIter<'static>,
    header: Vec<Header>,
    cells: Vec<Cells>,
    /// Rows read so far.
    row: u64,
    /// The rows and bytes that have not been reported as read yet.
    left: (u64, u64),
}

impl<'a> Parquet<'a> {
    /// Opens the file and reads its schema. Fails if it cannot be opened or is not a Parquet file.
    pub fn open(input: &'a Input) -> Result<Self, ImportError> {
        let failed = |source| ImportError::File {
            path: input.path.clone(),
            source,
        };
        let file = File::open(&input.path).map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        let reader = guarded(|| SerializedFileReader::new(file))
            .map_err(|detail| input.malformed(0, format!("not a Parquet file: {detail}")))?;
        let metadata = reader.metadata().file_metadata();
        let columns = metadata.schema().get_fields();
        let cells: Vec<Cells> = columns.iter().map(|column| cells(column)).collect();
        let header = columns.iter().zip(&cells).map(|(column, cells)| Header {
            name: column.name().to_owned(),
            is_time: matches!(cells, Cells::Moments { .. }),
        });
        let header = header.collect();
        let rows = u64::try_from(metadata.num_rows()).unwrap_or_default();
        Ok(Self {
            input,
            header,
            cells,
            row: 0,
            left: (rows, bytes),
            rows: RowIter::from_file_into(Box::new(reader)),
        })
    }

    /// Reports progress, assuming that all rows have the same length.
    fn advance(&mut self) {
        let (rows, bytes) = self.left;
        let now = bytes / rows.max(1);
        self.left = (rows.saturating_sub(1), bytes - now);
        self.input.advance(now);
    }
}

impl Table for Parquet<'_> {
    fn header(&self) -> &[Header] {
        &self.header
    }

    fn next(&mut self, row: &mut StringRecord) -> Result<Next, ImportError> {
        let rows = &mut self.rows;
        let read = guarded(|| rows.next().transpose());
        let Some(read) = read.map_err(|detail| {
            let detail = format!("cannot read row {}: {detail}", self.row + 1);
            self.input.malformed(self.row + 1, detail)
        })?
        else {
            return Ok(Next::End);
        };
        self.row += 1;
        self.advance();
        Ok(match fill(row, &read, &self.cells) {
            Ok(()) => Next::Row(self.row),
            Err(detail) => Next::Refused(self.row, detail),
        })
    }
}

/// Turns the decoder's errors into messages, and its panics too: it does not promise not to panic on damaged files.
fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the file is damaged".to_owned()),
    }
}

fn cells(column: &Type) -> Cells {
    let logical = column.get_basic_info().logical_type_ref();
    if let Some(LogicalType::Timestamp {
        is_adjusted_to_u_t_c,
        unit,
    }) = logical
    {
        let per_second = match unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        return Cells::Moments {
            per_second,
            utc: *is_adjusted_to_u_t_c,
        };
    }
    match column {
        // The legacy type for times; the record reader returns milliseconds.
        Type::PrimitiveType {
            physical_type: Physical::INT96,
            ..
        } => Cells::Moments {
            per_second: 1_000,
            utc: true,
        },
        _ => Cells::Plain,
    }
}

fn fill(row: &mut StringRecord, read: &Row, cells: &[Cells]) -> Result<(), String> {
    row.clear();
    for ((name, field), cells) in read.get_column_iter().zip(cells) {
        let cell = match *cells {
            Cells::Plain => plain(field),
            Cells::Moments { per_second, utc } => moment(field, per_second, utc),
        };
        row.push_field(&cell.map_err(|detail| format!("column {name:?}: {detail}"))?);
    }
    Ok(())
}

/// A time as text: with `Z`, or local without an offset.
fn moment(field: &Field, per_second: i64, utc: bool) -> Result<String, String> {
    let count = match field {
        Field::Null => return Ok(String::new()),
        Field::Long(n) | Field::TimestampMillis(n) | Field::TimestampMicros(n) => *n,
        other => return Err(format!("{other} is not a time")),
    };
    let beyond = || format!("{count} is not a valid time");
    let seconds = count.div_euclid(per_second);
    let nanos = count.rem_euclid(per_second) * (1_000_000_000 / per_second);
    let nanos = i32::try_from(nanos).map_err(|_| beyond())?;
    let at = Timestamp::new(seconds, nanos).map_err(|_| beyond())?;
    let text = at.to_string();
    Ok(match utc {
        true => text,
        false => text.trim_end_matches('Z').to_owned(),
    })
}

fn plain(field: &Field) -> Result<String, String> {
    Ok(match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => String::from_utf8(bytes.data().to_vec())
            .map_err(|_| "the value is neither text nor a number".to_owned())?,
        // If numbers are missing, some writers store integers as floats, and NaN for the missing ones.
        Field::Float(number) if number.is_nan() => String::new(),
        Field::Double(number) if number.is_nan() => String::new(),
        Field::Float(number) => number.to_string(),
        Field::Double(number) => number.to_string(),
        Field::Date(days) => Date::constant(1970, 1, 1)
            .checked_add(days.days())
            .map_err(|_| format!("{days} is not a valid day"))?
            .to_string(),
        other => other.to_string(),
    })
}
