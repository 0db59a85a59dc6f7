//! Servers on this machine: good ones and hostile ones.

#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A listening port, and every request that reached it.
pub struct Server {
    /// The port on 127.0.0.1.
    pub port: u16,
    /// The head of every request.
    pub seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Its host and port, as in a URL.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

/// Starts a server that gives every connection to `answer`, with the head of the request.
pub fn server(answer: impl Fn(&mut TcpStream, &str) + Send + Sync + 'static) -> Server {
    listening(move |stream, seen| {
        let head = head(stream);
        seen.lock().unwrap().push(head.clone());
        answer(stream, &head);
    })
}

/// Starts a server that gives every connection to `answer`, which notes what it gets.
pub fn listening(
    answer: impl Fn(&mut TcpStream, &Mutex<Vec<String>>) + Send + Sync + 'static,
) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, answer) = (Arc::clone(&seen), Arc::new(answer));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
            thread::spawn(move || answer(&mut stream.unwrap(), &log));
        }
    });
    Server { port, seen }
}

/// Asks for the password as plain text, refuses it with this SQLSTATE, and repeats everything it got.
pub fn echoing_postgres(state: &'static str) -> Server {
    listening(move |stream, seen| {
        let _ = stream.set_read_timeout(Some(Duration::from_millis(500)));
        let (mut heard, mut buffer) = (Vec::new(), [0; 4096]);
        loop {
            let count = match stream.read(&mut buffer) {
                Ok(count) if count > 0 => count,
                _ => return,
            };
            let message = &buffer[..count];
            heard.extend_from_slice(message);
            let text = String::from_utf8_lossy(message).replace('\0', " ");
            seen.lock().unwrap().push(text);
            let answer = match message {
                [0, 0, 0, 8, ..] => b"N".to_vec(),
                [0, ..] => b"R\0\0\0\x08\0\0\0\x03".to_vec(),
                _ => {
                    let text = String::from_utf8_lossy(&heard).replace('\0', " ");
                    let fields =
                        format!("SFATAL\0VFATAL\0C{state}\0M{text}\0D{text}\0H{text}\0d{text}\0\0");
                    let length = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
                    [b"E", &length[..], fields.as_bytes()].concat()
                }
            };
            // The client may have gone; that is its business.
            let _ = stream.write_all(&answer);
        }
    })
}

/// A PostgreSQL server without encryption and password. It sends this, and then what the second gives.
pub fn postgres(
    login: &'static [u8],
    answer: impl Fn(&mut TcpStream) + Send + Sync + 'static,
) -> Server {
    listening(move |stream, _| {
        let _ = stream.set_read_timeout(Some(Duration::from_millis(500)));
        let mut buffer = [0; 4096];
        let mut hear = |stream: &mut TcpStream| match stream.read(&mut buffer) {
            Ok(count) if count > 0 => Some(buffer[..count].to_vec()),
            _ => None,
        };
        // The client may have gone; that is its business.
        while hear(stream).is_some_and(|it| it.starts_with(&[0, 0, 0, 8])) {
            let _ = stream.write_all(b"N");
        }
        let _ = stream.write_all(login);
        if login.ends_with(READY) && hear(stream).is_some() {
            answer(stream);
            // The client ends the connection.
            while hear(stream).is_some() {}
        }
    })
}

/// PostgreSQL's word for "logged in, and ready for a question".
pub const READY: &[u8] = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I";

/// PostgreSQL's word for "one column of text follows".
pub const COLUMN: &[u8] = b"T\0\0\0\x1a\0\x01x\0\0\0\0\0\0\0\0\0\0\x19\xff\xff\xff\xff\xff\xff\0\0";

/// PostgreSQL's word for "that was all, and ready for the next question".
pub const DONE: &[u8] = b"C\0\0\0\x0dSELECT 1\0Z\0\0\0\x05I";

/// Reads up to the empty line, or until a time-out.
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

/// Answers every request with this status and these headers.
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
