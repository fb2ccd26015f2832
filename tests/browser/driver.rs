//! A browser, driven over WebDriver.

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
use tokio::time::sleep;
use url::{ParseError, Url};

use crate::browser::{Browser, Wish};
use crate::poll::until;

/// One WebDriver with one browser that nobody sees. Both end when it is dropped.
pub struct Driver {
    pub client: Client,
    pub browser: Browser,
    port: u16,
    session: String,
    process: Child,
    /// Ends after the browser that draws on it.
    _screen: Vec<Child>,
    /// Holds all files of the browser and those a test gives it.
    folder: TempDir,
}

impl Driver {
    /// Starts a browser of the kind this run of the tests is for.
    pub async fn start(wishes: &[Wish]) -> Driver {
        let folder = TempDir::new().unwrap();
        for name in ["profile", "downloads", "files"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let browser = Browser::chosen();
        let width = if wishes.contains(&Wish::Narrow) { 390 } else { 1280 };
        let (display, screen) = if browser.needs_screen() { screen(width).await } else { Default::default() };
        let (process, port) = listening(browser, &folder, wishes, &display).await;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(browser.capabilities(folder.path(), wishes));
        let client = builder.connect(&format!("http://127.0.0.1:{port}")).await.expect("a browser session");
        let session = client.session_id().await.unwrap().expect("a session");
        if !browser.needs_screen() && wishes.contains(&Wish::Narrow) {
            client.set_window_size(width, 900).await.unwrap();
        }
        Driver { client, browser, port, session, process, _screen: screen, folder }
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

    /// Calls Chromium's own protocol.
    pub async fn cdp(&self, command: &str, params: Json) {
        let body = json!({"cmd": command, "params": params});
        self.call(Method::POST, "goog/cdp/execute", Some(body)).await;
    }

    /// Reloads the page as a person does. Firefox's driver would go past the worker.
    pub async fn reload(&self) {
        self.reload_by(async || drop(self.client.execute("location.reload()", vec![]).await)).await;
    }

    /// Reloads the page as Shift and Reload do, for which WebDriver has no command.
    pub async fn reload_past_worker(&self) {
        self.reload_by(async || match self.browser {
            Browser::Chromium => self.cdp("Page.reload", json!({"ignoreCache": true})).await,
            // Only Firefox knows the argument.
            _ => drop(self.client.execute("location.reload(true)", vec![]).await),
        })
        .await;
    }

    async fn reload_by(&self, reload: impl AsyncFn()) {
        self.client.execute("window.isOld = true", vec![]).await.unwrap();
        reload().await;
        until("another page", async || {
            // While one goes and the other comes there is none to ask.
            let is_old = self.client.execute("return window.isOld ?? false", vec![]).await.ok()?;
            (is_old == false).then_some(())
        })
        .await;
    }

    /// What Chromium logged as an error since the last call, network and policy included. The others
    /// have no such log for WebDriver; what a page can notice of its errors itself, guard.js does.
    pub async fn log_errors(&self) -> Vec<String> {
        if self.browser != Browser::Chromium {
            return Vec::new();
        }
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
    /// Ends the session first: a driver that is killed at once leaves its browser behind.
    fn drop(&mut self) {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(30)));
            let _ = write!(
                stream,
                "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
                self.session, self.port
            );
            // Until the answer is complete; not every driver closes the connection then.
            let _ = stream.read(&mut [0; 1024]);
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

/// A driver and its port. A driver that finds its port taken ends, as happens while others start (on
/// IPv6 where it chose one that is free on IPv4); then it is started again.
async fn listening(browser: Browser, folder: &TempDir, wishes: &[Wish], display: &str) -> (Child, u16) {
    const STARTS: u32 = 10;
    for _ in 0..STARTS {
        let (mut command, chosen) = browser.driver(folder.path(), wishes);
        let mut process = command
            .env("DISPLAY", display)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let listens = match chosen {
            Some(port) => answers(&mut process, port).await,
            None => printed(&mut process, |line| browser.port_in(line)).await,
        };
        if let Some(port) = listens {
            return (process, port);
        }
    }
    panic!("the driver of {browser:?} ended {STARTS} times without listening");
}

/// The port, once the driver listens there; none where it ends before.
async fn answers(process: &mut Child, port: u16) -> Option<u16> {
    while process.try_wait().ok()?.is_none() {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Some(port);
        }
        sleep(Duration::from_millis(15)).await;
    }
    None
}

/// The name of a screen that nobody sees, and what draws it; every window fills it. Without a window manager windows stay as they
/// are, and a browser that waits for one to fill the screen waits forever.
async fn screen(width: u32) -> (String, Vec<Child>) {
    let mut process = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", &format!("{width}x938x24"), "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("Xvfb, for WebKitGTK to draw on");
    let number: Option<u16> = printed(&mut process, |line| line.parse().ok()).await;
    let name = format!(":{}", number.expect("Xvfb to start"));
    let windows = Command::new("matchbox-window-manager")
        .args(["-display", &name, "-use_titlebar", "no"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("matchbox-window-manager, for WebKitGTK's windows");
    (name, vec![windows, process])
}

/// What a program says in one of the lines it prints; none where it ends before.
async fn printed<T>(process: &mut Child, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    let mut lines = BufReader::new(process.stdout.take()?).lines();
    let said = loop {
        let line = lines.next_line().await.ok()??;
        if let Some(said) = read(&line) {
            break said;
        }
    };
    // A full pipe would stop it.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Some(said)
}
