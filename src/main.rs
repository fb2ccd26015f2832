//! The page, and a word for those who start it as a native program.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

fn main() {
    println!("Fanout runs in a browser: call `make serve` and open http://127.0.0.1:8080");
}
