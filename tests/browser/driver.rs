//! A browser with a profile of its own, driven over WebDriver.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use axum::http::Method;
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use url::{ParseError, Url};

const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--lang=en-US",
    "--window-size=1280,900",
];

/// One chromedriver with one headless Chromium. Both end when it is dropped.
pub struct Driver {
    pub client: Client,
    port: u16,
    process: Child,
    /// Holds all files of the browser and those a test gives it.
    folder: TempDir,
}

impl Driver {
    pub async fn start() -> Driver {
        Driver::start_with(&[]).await
    }

    /// One whose browser has more flags.
    pub async fn start_with(flags: &[&str]) -> Driver {
        let folder = TempDir::new().unwrap();
        for name in ["profile", "downloads", "files"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let (process, port) = listening(&folder).await;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities(&folder, flags));
        let client = builder.connect(&format!("http://127.0.0.1:{port}")).await.expect("a browser session");
        Driver { client, port, process, folder }
    }

    /// Where the browser puts downloads.
    pub fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }

    /// Writes a file that the page can be given, and says where it is.
    pub fn write_file(&self, name: &str, contents: &str) -> String {
        let path = self.folder.path().join("files").join(name);
        std::fs::write(&path, contents).unwrap();
        path.to_str().unwrap().to_string()
    }

    /// Runs a script in every document from now on, before any of the document's own.
    pub async fn before_every_page(&self, script: &str) {
        self.cdp("Page.addScriptToEvaluateOnNewDocument", json!({"source": script})).await;
    }

    /// Calls the browser's own protocol.
    pub async fn cdp(&self, command: &str, params: Json) {
        let body = json!({"cmd": command, "params": params});
        self.call(Method::POST, "goog/cdp/execute", Some(body)).await;
    }

    /// The errors in the browser's log since the last call: scripts, network, content security policy.
    pub async fn console_errors(&self) -> Vec<String> {
        let log = self.call(Method::POST, "se/log", Some(json!({"type": "browser"}))).await;
        let entries = log.as_array().cloned().unwrap_or_default();
        entries
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_string())
            .collect()
    }

    /// Role and name of an element in the browser's accessibility tree.
    pub async fn role_and_name(&self, element: &Element) -> (String, String) {
        let id = element.element_id();
        let role = self.call(Method::GET, &format!("element/{id}/computedrole"), None).await;
        let name = self.call(Method::GET, &format!("element/{id}/computedlabel"), None).await;
        (role.as_str().unwrap_or_default().to_string(), name.as_str().unwrap_or_default().to_string())
    }

    async fn call(&self, method: Method, path: &str, body: Option<Json>) -> Json {
        self.client.issue_cmd(Extra { method, path: path.to_string(), body }).await.unwrap()
    }
}

impl Drop for Driver {
    /// Asks chromedriver to end its browser and itself: killed at once, it would leave the browser behind.
    fn drop(&mut self) {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
            let _ =
                stream.write_all(b"GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            let _ = stream.read_to_end(&mut Vec::new());
        }
        let _ = self.process.start_kill();
    }
}

/// A command that is not in the client library.
#[derive(Debug)]
struct Extra {
    method: Method,
    /// Below the session.
    path: String,
    body: Option<Json>,
}

impl WebDriverCompatibleCommand for Extra {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (self.method.clone(), self.body.as_ref().map(Json::to_string))
    }
}

/// A chromedriver and its port. It chooses a port that is free for IPv4 and ends where that is taken
/// for IPv6, as happens while other drivers start; then it is started again.
async fn listening(folder: &TempDir) -> (Child, u16) {
    const STARTS: u32 = 10;
    let program = std::env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
    for _ in 0..STARTS {
        let mut process = Command::new(&program)
            .arg("--port=0")
            .env("TMPDIR", folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver; name it in CHROMEDRIVER");
        if let Some(port) = port(&mut process).await {
            return (process, port);
        }
    }
    panic!("chromedriver ended {STARTS} times without saying its port");
}

/// The free port chromedriver chose, from what it prints; none where it ends before.
async fn port(process: &mut Child) -> Option<u16> {
    let mut lines = BufReader::new(process.stdout.take()?).lines();
    let port = loop {
        let line = lines.next_line().await.ok()??;
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            break port.trim_end_matches('.').parse().ok()?;
        }
    };
    // A full pipe would stop chromedriver.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Some(port)
}

fn capabilities(folder: &TempDir, flags: &[&str]) -> fantoccini::wd::Capabilities {
    let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
    let args: Vec<&str> = FLAGS.iter().chain(flags).copied().chain([profile.as_str()]).collect();
    let mut options = json!({
        "args": args,
        "prefs": {"download.default_directory": folder.path().join("downloads")}
    });
    if let Ok(chrome) = std::env::var("CHROME") {
        options["binary"] = json!(chrome);
    }
    let all = json!({"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}});
    all.as_object().cloned().unwrap_or_default()
}
