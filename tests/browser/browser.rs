//! The browsers the tests run in, and what each is told so that it runs alone, unseen and with a
//! profile of its own. `FANOUT_BROWSER` names one of them; without it, it is Chromium.

use std::net::TcpListener;
use std::path::Path;

use serde_json::json;
use tokio::process::Command;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    Chromium,
    Firefox,
    WebKit,
}

use Browser::{Chromium, Firefox, WebKit};

const CHROMIUM_FLAGS: [&str; 11] = [
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

const FIREFOX_FLAGS: [&str; 3] = ["-headless", "--width=1280", "--height=900"];

const WEBKIT_FLAGS: [&str; 2] = ["--automation", "--geometry=1280x900"];

impl Browser {
    /// The browser this run of the tests is for.
    pub fn chosen() -> Browser {
        match std::env::var("FANOUT_BROWSER").as_deref() {
            Err(_) | Ok("chromium") => Chromium,
            Ok("firefox") => Firefox,
            Ok("webkit") => WebKit,
            Ok(other) => panic!("FANOUT_BROWSER is chromium, firefox or webkit, not {other:?}"),
        }
    }

    /// The variables that name the browser and its driver where they are not on the path.
    fn variables(self) -> (&'static str, &'static str) {
        match self {
            Chromium => ("CHROME", "CHROMEDRIVER"),
            Firefox => ("FIREFOX", "GECKODRIVER"),
            WebKit => ("MINIBROWSER", "WEBKITDRIVER"),
        }
    }

    /// Only WebKitGTK draws on a screen even where nobody looks.
    pub fn needs_screen(self) -> bool {
        self == WebKit
    }

    /// Its WebDriver, with all its files in a folder, and the port where that has to be chosen for it.
    pub fn driver(self, folder: &Path) -> (Command, Option<u16>) {
        let name = match self {
            Chromium => "chromedriver",
            Firefox => "geckodriver",
            WebKit => "WebKitWebDriver",
        };
        let program = std::env::var_os(self.variables().1).unwrap_or_else(|| name.into());
        let mut command = Command::new(program);
        command.env("TMPDIR", folder);
        match self {
            Chromium => {
                command.arg("--port=0");
                (command, None)
            }
            Firefox => {
                command.args(["--port=0", "--websocket-port=0"]).env("HOME", folder);
                (command, None)
            }
            WebKit => {
                let port = free_port();
                command
                    .arg(format!("--port={port}"))
                    .env("HOME", folder)
                    .env("XDG_CONFIG_HOME", folder)
                    .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")
                    .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1");
                let downloads = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", folder.join("downloads").display());
                std::fs::write(folder.join("user-dirs.dirs"), downloads).unwrap();
                (command, Some(port))
            }
        }
    }

    /// The port in what a driver prints once it listens.
    pub fn port_in(self, line: &str) -> Option<u16> {
        let before = match self {
            Chromium => "started successfully on port ",
            Firefox => "Listening on 127.0.0.1:",
            WebKit => return None,
        };
        line.split_once(before)?.1.trim_end_matches('.').parse().ok()
    }

    /// What a session is asked to be.
    pub fn capabilities(self, folder: &Path) -> fantoccini::wd::Capabilities {
        let downloads = folder.join("downloads");
        let (name, mut options) = match self {
            Chromium => {
                let profile = format!("--user-data-dir={}", folder.join("profile").display());
                let args: Vec<&str> = CHROMIUM_FLAGS.into_iter().chain([profile.as_str()]).collect();
                let prefs = json!({"download.default_directory": downloads});
                ("goog:chromeOptions", json!({"args": args, "prefs": prefs}))
            }
            Firefox => {
                let prefs = json!({
                    "browser.download.folderList": 2, "browser.download.dir": downloads,
                    // A third of its start: processes for pages nobody opens, and news of experiments.
                    "dom.ipc.processPrelaunch.enabled": false, "app.normandy.enabled": false
                });
                ("moz:firefoxOptions", json!({"args": FIREFOX_FLAGS, "prefs": prefs}))
            }
            WebKit => ("webkitgtk:browserOptions", json!({"args": WEBKIT_FLAGS})),
        };
        if let Ok(program) = std::env::var(self.variables().0) {
            options["binary"] = json!(program);
        }
        let mut all = fantoccini::wd::Capabilities::new();
        all.insert(name.to_string(), options);
        if self == Chromium {
            all.insert("goog:loggingPrefs".to_string(), json!({"browser": "ALL"}));
        }
        all
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
