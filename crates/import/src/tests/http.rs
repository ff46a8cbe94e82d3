//! HTTP requests and responses.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::{HttpSender, SendError, Sender};

/// A request as the server receives it: its head in lower case, and its body.
type Request = (String, Vec<u8>);

fn read_request(stream: &TcpStream) -> Request {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        reader.read_line(&mut head).unwrap();
    }
    let head = head.to_lowercase();
    let length = head
        .split("content-length: ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    (head, body)
}

/// Answers one request with `response`; returns the server's address and a handle to the request.
fn serve_once(response: &'static str) -> (String, JoinHandle<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    let handle = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let request = read_request(&stream);
        stream.write_all(response.as_bytes()).unwrap();
        request
    });
    (server, handle)
}

#[test]
fn a_batch_is_sent_as_compressed_ndjson_with_the_key() {
    let body = r#"{"accepted":1,"duplicates":0,"rejected":0,"errors":[]}"#;
    assert_eq!(body.len(), 54);
    let (server, handle) = serve_once(
        "HTTP/1.1 200 OK\r\ncontent-length: 54\r\nconnection: close\r\n\r\n{\"accepted\":1,\"duplicates\":0,\"rejected\":0,\"errors\":[]}",
    );
    let sender = HttpSender::new(&server, Some("weir_ing_1")).unwrap();
    let answer = sender.send(b"{\"type\":\"goal\"}\n").unwrap();
    assert_eq!(answer.accepted, 1);
    let (head, packed) = handle.join().unwrap();
    assert!(head.starts_with("post /api/v1/events http/1.1"), "{head}");
    for header in [
        "content-type: application/x-ndjson",
        "content-encoding: zstd",
        "authorization: bearer weir_ing_1",
    ] {
        assert!(head.contains(header), "{head}");
    }
    assert_eq!(
        zstd::decode_all(&packed[..]).unwrap(),
        b"{\"type\":\"goal\"}\n"
    );
}

#[test]
fn retry_after_is_read_and_a_missing_server_is_unreachable() {
    let (server, handle) = serve_once(
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: 3\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    );
    let busy = HttpSender::new(&server, None)
        .unwrap()
        .send(b"{}\n")
        .unwrap_err();
    assert!(
        matches!(busy, SendError::Busy { retry_after: Some(wait), .. } if wait == Duration::from_secs(3)),
        "{busy:?}"
    );
    handle.join().unwrap();
    let gone = HttpSender::new(&server, None)
        .unwrap()
        .send(b"{}\n")
        .unwrap_err();
    assert!(matches!(gone, SendError::Unreachable(_)), "{gone:?}");
}
