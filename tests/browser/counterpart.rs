//! A third party's servers on loopback, as counterparts that nobody here wrote: aimock speaks the
//! protocols of OpenAI, Anthropic and Google; mock-llm speaks OpenAI's and lets no page in.
//!
//! `FANOUT_SERVERS` names the folder of npm packages they are in, with whatever else the tests have from others.

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::browser::free_port;
use crate::poll::until;

/// A server that ends when it is dropped.
pub struct Counterpart {
    /// Scheme, host and port.
    pub origin: String,
    _process: Child,
    _folder: TempDir,
}

impl Counterpart {
    /// aimock with fixtures; of several that match the first answers.
    pub async fn aimock(fixtures: Json) -> Counterpart {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("fixtures.json");
        std::fs::write(&file, json!({ "fixtures": fixtures }).to_string()).unwrap();
        let port = free_port();
        let mut command = node("@copilotkit/aimock/dist/cli.js");
        command.args(["--port", &port.to_string(), "--log-level", "silent", "--fixtures"]).arg(file);
        start(command, port, folder).await
    }

    /// mock-llm, which answers everything and sends no CORS headers.
    pub async fn mock_llm() -> Counterpart {
        let port = free_port();
        let mut command = node("@dwmkerr/mock-llm/dist/main.js");
        command.env("HOST", "127.0.0.1").env("PORT", port.to_string());
        start(command, port, TempDir::new().unwrap()).await
    }
}

fn node(script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(file(script));
    command
}

/// A file of the npm packages that the tests use.
pub fn file(path: &str) -> PathBuf {
    let home = || PathBuf::from(std::env::var("HOME").expect("a home folder"));
    let servers = std::env::var("FANOUT_SERVERS").map(PathBuf::from);
    let servers = servers.unwrap_or_else(|_| home().join(".cache/fanout/tools/node_modules"));
    let file = servers.join(path);
    assert!(file.exists(), "{} is missing: call ./scripts/setup.sh test", file.display());
    file
}

async fn start(mut command: Command, port: u16, folder: TempDir) -> Counterpart {
    command.current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let process = command.spawn().unwrap();
    until("a server that listens", async || TcpStream::connect(("127.0.0.1", port)).await.ok()).await;
    Counterpart { origin: format!("http://127.0.0.1:{port}"), _process: process, _folder: folder }
}
