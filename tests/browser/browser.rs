//! The browsers the tests run in, and what each is told so that it runs alone, unseen and with a
//! profile of its own. `FANOUT_BROWSER` names one of them (without it, it is Chromium), `FANOUT_PROGRAM`
//! its program and `FANOUT_DRIVER` its driver where they are not found by themselves.

use std::io::Write;
use std::net::TcpListener;
use std::path::Path;

use fantoccini::wd::Capabilities;
use serde_json::{Value as Json, json};
use tokio::process::Command;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    Chromium,
    Firefox,
    WebKit,
}

use Browser::{Chromium, Firefox, WebKit};

/// What a test wishes of its browser beside the usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Takes the certificate of the site, which is its own.
    AnyCertificate,
    /// Finds this machine under names that nobody else knows, those of `OWN_NAMES`.
    OwnNames,
    /// Tells pages that motion is not wanted.
    LessMotion,
    /// Is as narrow as a phone.
    Narrow,
    /// Takes a port of this machine for a site of the web. Only Chromium can.
    OfTheWeb(u16),
}

/// WebKitGTK can be told of no names. It does not find them, which is as good where it must not ask.
pub const OWN_NAMES: [&str; 3] = ["fanout.test", "llm.test", "nobody.test"];

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

const WEBKIT_FLAGS: [&str; 1] = ["--automation"];

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

    /// Only WebKitGTK draws on a screen even where nobody looks.
    pub fn needs_screen(self) -> bool {
        self == WebKit
    }

    /// Its WebDriver, with all its files in a folder, and the port where that has to be chosen for it.
    pub fn driver(self, folder: &Path, wishes: &[Wish]) -> (Command, Option<u16>) {
        let name = match self {
            Chromium => "chromedriver",
            Firefox => "geckodriver",
            WebKit => "WebKitWebDriver",
        };
        let program = std::env::var_os("FANOUT_DRIVER").unwrap_or_else(|| name.into());
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
                let animates = u8::from(!wishes.contains(&Wish::LessMotion));
                let settings = format!("[Settings]\ngtk-enable-animations={animates}\n");
                std::fs::create_dir_all(folder.join("gtk-3.0")).unwrap();
                std::fs::write(folder.join("gtk-3.0/settings.ini"), settings).unwrap();
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
    pub fn capabilities(self, folder: &Path, wishes: &[Wish]) -> Capabilities {
        let (name, mut options) = match self {
            Chromium => ("goog:chromeOptions", chromium_options(folder, wishes)),
            Firefox => ("moz:firefoxOptions", firefox_options(folder, wishes)),
            WebKit => ("webkitgtk:browserOptions", json!({"args": WEBKIT_FLAGS})),
        };
        if let Ok(program) = std::env::var("FANOUT_PROGRAM") {
            options["binary"] = json!(program);
        }
        let mut all = Capabilities::new();
        all.insert(name.to_string(), options);
        all.insert("acceptInsecureCerts".to_string(), json!(wishes.contains(&Wish::AnyCertificate)));
        if self == Chromium {
            all.insert("goog:loggingPrefs".to_string(), json!({"browser": "ALL"}));
        }
        all
    }
}

fn chromium_options(folder: &Path, wishes: &[Wish]) -> Json {
    let mut args: Vec<String> = CHROMIUM_FLAGS.map(str::to_string).to_vec();
    args.push(format!("--user-data-dir={}", folder.join("profile").display()));
    args.extend(wishes.iter().filter_map(|wish| match wish {
        Wish::AnyCertificate | Wish::Narrow => None,
        Wish::LessMotion => Some("--force-prefers-reduced-motion".to_string()),
        Wish::OwnNames => {
            let rules = OWN_NAMES.map(|name| format!("MAP {name} 127.0.0.1")).join(", ");
            Some(format!("--host-resolver-rules={rules}"))
        }
        Wish::OfTheWeb(port) => Some(format!("--ip-address-space-overrides=127.0.0.1:{port}=public")),
    }));
    json!({"args": args, "prefs": {"download.default_directory": folder.join("downloads")}})
}

fn firefox_options(folder: &Path, wishes: &[Wish]) -> Json {
    let mut prefs = json!({
        "browser.download.folderList": 2, "browser.download.dir": folder.join("downloads"),
        // A third of its start: processes for pages nobody opens, and news of experiments.
        "dom.ipc.processPrelaunch.enabled": false, "app.normandy.enabled": false
    });
    if wishes.contains(&Wish::OwnNames) {
        prefs["network.dns.localDomains"] = json!(OWN_NAMES.join(","));
    }
    if wishes.contains(&Wish::LessMotion) {
        prefs["ui.prefersReducedMotion"] = json!(1);
    }
    json!({"args": FIREFOX_FLAGS, "prefs": prefs})
}

/// Whether this run is for one of these browsers; where not, it says why the test leaves the others out.
pub fn only_in(browsers: &[Browser], why: &str) -> bool {
    let chosen = Browser::chosen();
    let is_one = browsers.contains(&chosen);
    if !is_one {
        // Past the test's captured output, so that it is always seen.
        let _ = writeln!(std::io::stderr(), "left out in {chosen:?}: {why}");
    }
    is_one
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
