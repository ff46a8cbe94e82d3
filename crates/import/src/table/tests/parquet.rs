//! Parquet files as events.

use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::{Value, json};

use crate::ImportError;
use crate::tests::support::{Server, args, file, withstands_files};

const SCHEMA: &str = "message rows {
    OPTIONAL BYTE_ARRAY executionId (STRING);
    OPTIONAL BYTE_ARRAY outcome (STRING);
    OPTIONAL INT64 ended (TIMESTAMP(NANOS,false));
    OPTIONAL INT64 seen (TIMESTAMP(MILLIS,true));
    OPTIONAL DOUBLE steps;
}";

/// 2026-10-25T00:30:00Z in milliseconds.
const ENDED: i64 = 1_792_888_200_000;

/// Two rows; the second has no steps.
fn rows(compression: Compression) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .build();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let texts = |texts: [&str; 2]| texts.map(ByteArray::from);
    for column in 0..5 {
        let mut cells = group.next_column().unwrap().unwrap();
        let both = Some(&[1, 1][..]);
        match column {
            0 => cells
                .typed::<ByteArrayType>()
                .write_batch(&texts(["7", "8"]), both, None),
            1 => cells
                .typed::<ByteArrayType>()
                .write_batch(&texts(["ok", "failed"]), both, None),
            2 => {
                // 02:30 local time in Berlin, which occurred twice that night.
                let wall = (ENDED + 2 * 3_600_000) * 1_000_000;
                cells.typed::<Int64Type>().write_batch(
                    &[wall, wall + 86_400_000_000_000],
                    both,
                    None,
                )
            }
            3 => cells
                .typed::<Int64Type>()
                .write_batch(&[ENDED, ENDED + 1], both, None),
            _ => cells
                .typed::<DoubleType>()
                .write_batch(&[3.0], Some(&[1, 0]), None),
        }
        .unwrap();
        cells.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

const FLAGS: [&str; 10] = [
    "--type",
    "execution",
    "--map",
    "status=outcome,timestamp=ended,stepCount=steps,metadata.seen=seen",
    "--constant",
    "workflowId=w",
    "--status",
    "ok=completed",
    "--timezone",
    "Europe/Berlin",
];

#[test]
fn typed_columns_become_fields_with_any_compression() {
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(Default::default()),
        Compression::GZIP(Default::default()),
        Compression::LZ4_RAW,
    ] {
        let (_dir, path) = file("runs.parquet", &rows(compression));
        let server = Server::default();
        let (report, error) = server.import(&args(&path, &FLAGS));
        assert!(
            error.is_none() && report.rejected == 0,
            "{report} {error:?}"
        );
        assert_eq!((report.records["rows"], report.guessed), (2, 1));
        let runs = server.of_type("execution");
        let runs: Vec<[&Value; 5]> = runs
            .iter()
            .map(|run| {
                [
                    "executionId",
                    "status",
                    "timestamp",
                    "stepCount",
                    "metadata",
                ]
                .map(|f| &run[f])
            })
            .collect();
        assert_eq!(
            json!(runs),
            json!([
                ["7", "completed", "2026-10-25T00:30:00.000Z", 3, {"seen": "2026-10-25T00:30:00Z"}],
                ["8", "failed", "2026-10-26T01:30:00.000Z", null, {"seen": "2026-10-25T00:30:00.001Z"}],
            ])
        );
    }
}

#[test]
fn a_time_column_needs_no_format_and_invalid_rows_are_reported_by_number() {
    let (_dir, path) = file("runs.parquet", &rows(Compression::SNAPPY));
    let flags = [&FLAGS[..6], &["--time-format", "%d/%m/%Y"]].concat();
    let (report, error) = Server::default().import(&args(&path, &flags));
    assert!(error.is_none(), "{error:?}");
    assert_eq!((report.accepted, report.rejected), (1, 1));
    assert_eq!(report.rejections[0].line, 1);
    assert!(
        report.rejections[0].detail.contains("status is \"ok\""),
        "{report}"
    );
}

#[test]
fn a_file_that_is_not_parquet_is_refused() {
    for bytes in [
        &b""[..],
        b"case,act\n1,2\n",
        &rows(Compression::SNAPPY)[..200],
    ] {
        let (_dir, path) = file("runs.parquet", bytes);
        let (_, error) = Server::default().import(&args(&path, &FLAGS));
        assert!(
            matches!(&error, Some(ImportError::Malformed { detail, .. }) if detail.contains("not a Parquet file")),
            "{error:?}"
        );
    }
}

#[test]
fn no_parquet_file_makes_the_import_panic() {
    withstands_files("runs.parquet", vec![rows(Compression::SNAPPY)], &FLAGS);
}

#[test]
fn a_log_written_by_pandas_is_read_without_flags_for_columns() {
    let (_dir, path) = file("claims.parquet", include_bytes!("pandas.parquet"));
    let server = Server::default();
    let (report, error) = server.import(&args(&path, &["--type", "log"]));
    assert!(
        error.is_none() && report.rejected == 0,
        "{report} {error:?}"
    );
    let runs = server.of_type("execution");
    let runs: Vec<[&Value; 4]> = runs
        .iter()
        .map(|run| ["executionId", "status", "duration", "metadata"].map(|f| &run[f]))
        .collect();
    assert_eq!(
        json!(runs),
        json!([
            ["7", "started", null, null],
            ["7", "completed", 1_800_000, {"amount": "500"}],
            ["8", "started", null, null],
            ["8", "completed", 0, null],
        ])
    );
    let steps = server.of_type("step");
    let steps: Vec<[&Value; 3]> = steps
        .iter()
        .map(|step| ["stepId", "duration", "userId"].map(|f| &step[f]))
        .collect();
    assert_eq!(
        json!(steps),
        json!([
            ["Check", 600_000, "Ann"],
            ["Pay", 600_000, null],
            ["Check", null, "Bob"]
        ])
    );
    assert_eq!(
        server.of_type("activity")[0]["metadata"],
        json!({"urgent": "true", "day": "2026-11-01", "tags": "[\"a\", \"b\"]"})
    );
}
