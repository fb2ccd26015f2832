//! TLS in front of a server on loopback that knows none.

use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// It ends when it is dropped.
pub struct Tls {
    /// Where the server is to be had over TLS.
    pub port: u16,
    _process: Child,
}

impl Tls {
    pub async fn before(port: u16) -> Tls {
        let folder = TempDir::new().unwrap();
        let make =
            "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key.pem -out cert.pem";
        let made = Command::new("openssl").args(make.split(' ')).current_dir(folder.path()).output();
        let made = made.await.expect("openssl, which makes the certificate");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut process = Command::new("node")
            .args([concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/tls.js"), &port.to_string()])
            .args(["key.pem", "cert.pem"])
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        // It says its port when it has read its files.
        let port = lines.next_line().await.unwrap().expect("a port").parse().unwrap();
        Tls { port, _process: process }
    }
}
