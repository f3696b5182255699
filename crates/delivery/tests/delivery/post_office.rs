//! A fake SMTP server: it records what it is told and answers as its manner is.

use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

pub struct PostOffice {
    pub port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Obliging,
    RefusingRecipients,
    /// Takes the mail and never says so.
    SilentAfterData,
}

impl PostOffice {
    pub async fn open(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, heard) = (listener.local_addr().unwrap().port(), Arc::default());
        let ledger = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                tokio::spawn(serve(caller, manner, Arc::clone(&ledger)));
            }
        });
        Self { port, heard }
    }

    /// Every line of every connection, as sent.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    pub fn heard_command(&self, verb: &str) -> bool {
        self.heard().iter().any(|line| line.starts_with(verb))
    }

    /// The lines between DATA and the final dot.
    pub fn letter(&self) -> Vec<String> {
        let heard = self.heard();
        let lines = heard.iter().skip_while(|line| *line != "DATA").skip(1);
        lines.take_while(|line| *line != ".").cloned().collect()
    }
}

async fn serve(mut caller: TcpStream, manner: Manner, ledger: Arc<Mutex<Vec<String>>>) {
    let (reading, mut writing) = caller.split();
    let mut lines = BufReader::new(reading).split(b'\n');
    writing.write_all(b"220 post.acme.com\r\n").await.unwrap();
    let mut within_data = false;
    while let Ok(Some(line)) = lines.next_segment().await {
        // Only CRLF ends a line here: a bare line feed stays visible as one.
        let line = String::from_utf8(line).unwrap();
        let line = line.strip_suffix('\r').map_or(format!("{line}<LF>"), str::to_owned);
        ledger.lock().unwrap().push(line.clone());
        let reply = reply(&line, &mut within_data, manner);
        writing.write_all(reply.as_bytes()).await.unwrap();
    }
}

fn reply(line: &str, within_data: &mut bool, manner: Manner) -> &'static str {
    if *within_data {
        *within_data = line != ".";
        let accepted = if manner == Manner::SilentAfterData { "" } else { "250 accepted\r\n" };
        return if *within_data { "" } else { accepted };
    }
    *within_data = line == "DATA";
    match line.split([' ', ':']).next().unwrap() {
        "EHLO" => "250-post.acme.com\r\n250 AUTH PLAIN LOGIN\r\n",
        "AUTH" => "235 welcome\r\n",
        "RCPT" if manner == Manner::RefusingRecipients => "550 no such user\r\n",
        "DATA" => "354 go on\r\n",
        "QUIT" => "221 bye\r\n",
        _ => "250 ok\r\n",
    }
}
