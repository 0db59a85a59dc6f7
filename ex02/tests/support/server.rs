//! Servers on this machine: good ones and hostile ones.

#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A listening port, and every request that reached it.
pub struct Server {
    /// On 127.0.0.1.
    pub port: u16,
    /// The head of every request.
    pub seen: Arc<Mutex<Vec<String>>>,
}

/// Starts a server that hands every connection to `answer`, with the request's head.
pub fn server(answer: impl Fn(&mut TcpStream, &str) + Send + Sync + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, answer) = (Arc::clone(&seen), Arc::new(answer));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
            thread::spawn(move || {
                let mut stream = stream.unwrap();
                let head = head(&mut stream);
                log.lock().unwrap().push(head.clone());
                answer(&mut stream, &head);
            });
        }
    });
    Server { port, seen }
}

/// Reads until the empty line, or a while.
fn head(stream: &mut TcpStream) -> String {
    stream
        .set_read_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && head.len() < 10_000 {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// Answers every request with this status and more headers.
pub fn answering(status: &'static str, headers: &'static str) -> Server {
    server(move |stream, _| respond(stream, status, headers))
}

/// Accepts `Bearer <key>` and refuses everything else.
pub fn guarded(key: &str) -> Server {
    let wanted = format!("authorization: bearer {key}").to_lowercase();
    server(move |stream, head| {
        let status = if head.to_lowercase().contains(&wanted) {
            "200 OK"
        } else {
            "401 Unauthorized"
        };
        respond(stream, status, "");
    })
}

/// One answer with a body of two bytes.
pub fn respond(stream: &mut TcpStream, status: &str, headers: &str) {
    // The client may have gone; that is its business.
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\n{headers}Content-Length: 2\r\nConnection: close\r\n\r\nok"
    );
}

/// A port that nobody listens on.
pub fn dead_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
