use std::{io::Write, time::Duration};

use super::{
    super::{buffer::Buffer, memory::Memory, pools::Sender},
    *,
};

const ROOM: usize = 512 << 20;
const EXPANSION: Expansion = Expansion {
    bytes: 256 << 20,
    ratio: 100,
};

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Compresses without a length in the header.
fn zstd_streamed(text: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn zstd_whole(text: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(text, 3).unwrap()
}

async fn decoded_in(
    room: usize,
    encoding: Encoding,
    body: &[u8],
    expansion: Expansion,
) -> Result<Vec<u8>, AppError> {
    let memory = Arc::new(Memory::new(room, Duration::ZERO));
    let mut buffer = Buffer::new(memory.share(Sender::default()));
    buffer.extend(body, body.len()).await.unwrap();
    let turns = Arc::new(Semaphore::new(1));
    let decoded = encoding.decode(buffer.finish(), expansion, &turns).await?;
    Ok(decoded.bytes.to_vec())
}

async fn decoded(
    encoding: Encoding,
    body: &[u8],
    expansion: Expansion,
) -> Result<Vec<u8>, ErrorCode> {
    let decoded = decoded_in(ROOM, encoding, body, expansion).await;
    decoded.map_err(|error| error.code)
}

#[tokio::test]
async fn both_compressions_round_trip() {
    let text = b"{\"type\":\"execution\"}".repeat(10_000);
    for (encoding, body) in [
        (Encoding::Gzip, gzip(&text)),
        (Encoding::Zstd, zstd_streamed(&text)),
        (Encoding::Zstd, zstd_whole(&text)),
    ] {
        assert_eq!(decoded(encoding, &body, EXPANSION).await.unwrap(), text);
    }
}

#[tokio::test]
async fn consecutive_members_and_frames_are_one_body() {
    let parts = [b"first ".repeat(50_000), b"second".to_vec()];
    let whole = parts.concat();
    for (encoding, body) in [
        (
            Encoding::Gzip,
            parts.each_ref().map(|part| gzip(part)).concat(),
        ),
        (
            Encoding::Zstd,
            parts.each_ref().map(|part| zstd_whole(part)).concat(),
        ),
    ] {
        assert_eq!(decoded(encoding, &body, EXPANSION).await.unwrap(), whole);
    }
}

#[tokio::test]
async fn a_wrongly_stated_length_changes_nothing() {
    let text = b"some text".repeat(1000);
    for stated in [0_u32, 1, 9001, 900_000, u32::MAX] {
        // Two members: the stated length of the last is not that of the body.
        let mut body = gzip(&text);
        let end = body.len() - 4;
        body.extend(gzip(b""));
        assert_eq!(
            decoded(Encoding::Gzip, &body, EXPANSION).await.unwrap(),
            text
        );
        body.truncate(end + 4);
        body[end..].copy_from_slice(&stated.to_le_bytes());
        let refused = decoded(Encoding::Gzip, &body, EXPANSION).await;
        assert_eq!(refused, Err(ErrorCode::InvalidEncoding), "{stated}");
    }
}

#[tokio::test]
async fn a_decompression_bomb_is_refused_by_size_and_by_ratio() {
    let zeros = vec![b' '; 10 << 20];
    let by_size = Expansion {
        bytes: 1 << 20,
        ratio: usize::MAX,
    };
    for (encoding, bomb) in [
        (Encoding::Gzip, gzip(&zeros)),
        (Encoding::Zstd, zstd_streamed(&zeros)),
        (Encoding::Zstd, zstd_whole(&zeros)),
    ] {
        assert!(bomb.len() < 100_000);
        for expansion in [by_size, EXPANSION] {
            let refused = decoded(encoding, &bomb, expansion).await;
            assert_eq!(refused, Err(ErrorCode::PayloadTooLarge), "{expansion:?}");
        }
    }
}

#[tokio::test]
async fn a_body_without_memory_is_refused_before_it_is_held() {
    let text = b"0123456789abcdef".repeat(100_000);
    let body = zstd_whole(&text);
    let expansion = Expansion {
        ratio: usize::MAX,
        ..EXPANSION
    };
    let room = decoded_in(6 << 20, Encoding::Zstd, &body, expansion).await;
    assert_eq!(room.unwrap().len(), text.len());
    let none = decoded_in(1 << 20, Encoding::Zstd, &body, expansion).await;
    assert_eq!(none.unwrap_err().code, ErrorCode::PayloadTooLarge);
}

#[tokio::test]
async fn a_frame_with_too_large_a_window_is_refused() {
    let mut encoder = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
    encoder.window_log(27).unwrap();
    encoder.write_all(&b"a text".repeat(1000)).unwrap();
    let body = encoder.finish().unwrap();
    let refused = decoded(Encoding::Zstd, &body, EXPANSION).await;
    assert_eq!(refused, Err(ErrorCode::InvalidEncoding));
}

#[tokio::test]
async fn exactly_the_limit_is_allowed() {
    let five = Expansion {
        bytes: 5,
        ratio: 100,
    };
    assert!(decoded(Encoding::Gzip, &gzip(b"12345"), five).await.is_ok());
    let refused = decoded(Encoding::Gzip, &gzip(b"123456"), five).await;
    assert_eq!(refused, Err(ErrorCode::PayloadTooLarge));
}

#[tokio::test]
async fn uncompressed_and_truncated_bytes_are_invalid() {
    let whole = gzip(&b"some text that is long enough".repeat(50));
    let truncated = &whole[..whole.len() - 9];
    for body in [&b"plain text"[..], truncated] {
        for encoding in [Encoding::Gzip, Encoding::Zstd] {
            let refused = decoded(encoding, body, EXPANSION).await;
            assert_eq!(refused, Err(ErrorCode::InvalidEncoding), "{body:?}");
        }
    }
}
