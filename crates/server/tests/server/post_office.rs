//! A fake SMTP server: it takes every mail and keeps what was said.

use crate::process::PATIENCE;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

pub struct PostOffice {
    pub port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl PostOffice {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, heard) = (listener.local_addr().unwrap().port(), Arc::default());
        let ledger = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                tokio::spawn(serve(caller, Arc::clone(&ledger)));
            }
        });
        Self { port, heard }
    }

    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// The token in the first link that arrives.
    pub async fn link_token(&self) -> String {
        let arrival = async {
            loop {
                let letter = readable(&self.heard());
                if let Some((_, rest)) = letter.split_once("token=magic-link-") {
                    let ours = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
                    return format!("magic-link-{}", rest.chars().take_while(ours).collect::<String>());
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let arrived = tokio::time::timeout(PATIENCE, arrival).await;
        arrived.unwrap_or_else(|_| panic!("no link in {:#?}", self.heard()))
    }
}

/// Without the marks of quoted-printable, which breaks long lines.
fn readable(lines: &[String]) -> String {
    let joined = |line: &String| line.strip_suffix('=').map_or(format!("{line}\n"), str::to_owned);
    lines.iter().map(joined).collect::<String>().replace("=3D", "=")
}

async fn serve(mut caller: TcpStream, ledger: Arc<Mutex<Vec<String>>>) -> std::io::Result<()> {
    let (reading, mut writing) = caller.split();
    let mut lines = BufReader::new(reading).lines();
    writing.write_all(b"220 post.example\r\n").await?;
    let mut within_data = false;
    while let Some(line) = lines.next_line().await? {
        let reply = reply(&line, &mut within_data);
        ledger.lock().unwrap().push(line);
        writing.write_all(reply.as_bytes()).await?;
    }
    Ok(())
}

fn reply(line: &str, within_data: &mut bool) -> &'static str {
    if *within_data {
        *within_data = line != ".";
        return if *within_data { "" } else { "250 accepted\r\n" };
    }
    *within_data = line == "DATA";
    match line.split([' ', ':']).next().unwrap() {
        "EHLO" => "250-post.example\r\n250 AUTH PLAIN\r\n",
        "AUTH" => "235 welcome\r\n",
        "DATA" => "354 go on\r\n",
        "QUIT" => "221 bye\r\n",
        _ => "250 ok\r\n",
    }
}
