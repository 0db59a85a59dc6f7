//! Links GCC's unwinder into the program, where it would be loaded anew at every start.
//!
//! Rust asks the linker for `libgcc_s.so`, which only unwinds the stack of a panic. Finding and mapping it takes the dynamic loader as long
//! as all that `construct` reads. So the linker is handed a script of that name which points to the same code as an archive. Where there
//! is no such archive nothing changes.
//!
//! Source: the GNU linker's manual, "Implicit Linker Scripts".

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |key: &str| env::var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    let native = env::var("HOST")? == env::var("TARGET")?;
    if !native || target("OS") != "linux" || target("ENV") != "gnu" {
        return Ok(());
    }
    let linker = env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned());
    let Ok(output) = Command::new(linker)
        .arg("-print-file-name=libgcc_eh.a")
        .output()
    else {
        return Ok(());
    };
    // A compiler that has no such file repeats the bare name.
    let archive = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if Path::new(&archive).is_absolute() {
        let folder = env::var("OUT_DIR")?;
        let script = format!("INPUT(\"{archive}\" -lgcc)\n");
        fs::write(Path::new(&folder).join("libgcc_s.so"), script)?;
        println!("cargo::rustc-link-search=native={folder}");
    }
    Ok(())
}
