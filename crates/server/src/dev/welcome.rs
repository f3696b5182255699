//! What `dev` prints when it answers: credentials, and a login to copy and paste.

use super::{
    env_file,
    seed::{
        ADMIN_EMAIL, ADMIN_PASSWORD, ADMIN_PHONE, MEMBER_EMAIL, PROJECT_ID, PUBLIC_TOKEN, SECRET, Seeded,
    },
};
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Waits until the server answers, then tells.
pub async fn when_answering(address: SocketAddr, seeded: Seeded, env_file: Option<PathBuf>) {
    while !answers(address).await {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    if let Some(path) = env_file
        && let Err(failure) = env_file::write(&path, address, &seeded)
    {
        eprintln!("vestibule: {}: {failure}", path.display());
    }
    println!("{}", text(address, &seeded));
}

async fn answers(address: SocketAddr) -> bool {
    let asked = async {
        let mut stream = TcpStream::connect(address).await?;
        stream
            .write_all(b"GET /v1/debug/whoami HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .await?;
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.map(|_| head)
    };
    asked.await.is_ok_and(|head| &head == b"HTTP/1.1 ")
}

fn text(address: SocketAddr, seeded: &Seeded) -> String {
    let Seeded { organization_id, admin_member_id } = seeded;
    format!(
        r#"Vestibule answers on http://{address}

  pocket telephone  http://{address}/dev/phone
  project id        {PROJECT_ID}
  secret            {SECRET}
  public token      {PUBLIC_TOKEN}
  organization      Acme, {organization_id}; everybody needs a second factor
  admin             {ADMIN_EMAIL}, password {ADMIN_PASSWORD}, phone {ADMIN_PHONE}
  member            {MEMBER_EMAIL}, no factor yet

These credentials are public: for development on this machine only.

A login with a second factor, to copy and paste:

# 1. The first factor. The answer is no session, but an intermediate one; a text goes out.
IST=$(curl -s -u '{PROJECT_ID}:{SECRET}' http://{address}/v1/b2b/passwords/authenticate \
  -H 'Content-Type: application/json' \
  -d '{{"organization_id":"{organization_id}","email_address":"{ADMIN_EMAIL}","password":"{ADMIN_PASSWORD}"}}' \
  | sed -n 's/.*"intermediate_session_token":"\([^"]*\)".*/\1/p'); echo "$IST"

# 2. The text that went out.
CODE=$(curl -s 'http://{address}/dev/messages?to=%2B{phone}&wait=10' | sed -n 's/.*"code":"\([0-9]*\)".*/\1/p'); echo "$CODE"

# 3. The second factor. Now there is a session.
curl -s -u '{PROJECT_ID}:{SECRET}' http://{address}/v1/b2b/otps/sms/authenticate \
  -H 'Content-Type: application/json' \
  -d '{{"organization_id":"{organization_id}","member_id":"{admin_member_id}","intermediate_session_token":"'"$IST"'","code":"'"$CODE"'"}}'
"#,
        phone = ADMIN_PHONE.trim_start_matches('+'),
    )
}
