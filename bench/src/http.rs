//! As little HTTP as a load generator needs: one connection kept alive, one
//! exchange at a time, requests written by hand.

use std::io::{Error, ErrorKind, Result};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

pub struct Answer<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

impl Connection {
    pub async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(8 * 1024) })
    }

    /// # Errors
    /// Whatever ends the connection; it is of no use afterwards.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.received.clear();
        self.stream.write_all(request).await?;
        let head = loop {
            if let Some(head) = Head::of(&self.received)?
                && self.received.len() >= head.length + head.content_length
            {
                break head;
            }
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        };
        Ok(Answer {
            status: head.status,
            body: &self.received[head.length..head.length + head.content_length],
        })
    }
}

struct Head {
    status: u16,
    length: usize,
    content_length: usize,
}

impl Head {
    /// None while it is not there to its end.
    fn of(received: &[u8]) -> Result<Option<Self>> {
        let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
        let text = std::str::from_utf8(&received[..end]).map_err(|_| nonsense("it is not text"))?;
        let mut lines = text.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let content_length = lines.find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        Ok(Some(Self {
            status: status.ok_or_else(|| nonsense("it has no status"))?,
            length: end + 4,
            content_length: content_length.ok_or_else(|| nonsense("it has no Content-Length"))?,
        }))
    }
}

fn nonsense(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("the head of the answer is not understood: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_where_the_body_begins_and_how_long_it_is() {
        let received = b"HTTP/1.1 429 Too Many Requests\r\nx: y\r\ncontent-length: 2\r\n\r\n{}";
        let head = Head::of(received).unwrap().unwrap();
        assert_eq!((head.status, head.content_length, &received[head.length..]), (429, 2, &b"{}"[..]));
    }

    #[test]
    fn an_unfinished_head_is_waited_for() {
        assert!(Head::of(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n").unwrap().is_none());
    }

    #[test]
    fn an_answer_of_unknown_length_is_an_error() {
        assert!(Head::of(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
    }
}
