//! The first byte chooses the task, the rest is the reply; its first line is also taken for thinking
//! and the others for what is said in fields.
#![no_main]

use fanout_fuzz::answers::{check, check_fields, tasks};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((choice, reply)) = input.split_first() else { return };
    let Ok(reply) = std::str::from_utf8(reply) else { return };
    let tasks = tasks();
    let task = &tasks[usize::from(*choice) % tasks.len()];
    check(task, reply);
    let (thinking, said) = reply.split_once('\n').unwrap_or(("", reply));
    check_fields(task, said, thinking);
});
