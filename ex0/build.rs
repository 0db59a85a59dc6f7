//! Links the C library into the program, where it would be loaded anew at every start.
//!
//! Half of the time of a run goes by before `main`: the dynamic loader finds, maps and joins libc and the unwinder. rustc can do without
//! (`-C target-feature=+crt-static`), but only for all programs of a workspace at once, and not every machine has the archives. So the
//! linker is asked first, with an empty program; where it fails, or the program does, nothing changes.
//!
//! rustc names its libraries (`-lc`, `-lgcc_s`, …), and finds scripts of these names here that lead to the archives.
//! Source: the GNU linker's manual, "Implicit Linker Scripts"; GCC's manual, `-static-pie`.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The libraries that rustc asks for on Linux with glibc, and the archives that hold the same code.
const LIBRARIES: [(&str, &[&str]); 7] = [
    ("gcc_s", &["libgcc_eh.a", "libgcc.a", "libc.a"]),
    ("util", &["libutil.a"]),
    ("rt", &["librt.a"]),
    ("pthread", &["libpthread.a"]),
    ("m", &["libm.a"]),
    ("dl", &["libdl.a"]),
    ("c", &["libc.a", "libgcc_eh.a", "libgcc.a"]),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |key: &str| env::var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    let native = env::var("HOST")? == env::var("TARGET")?;
    if !native || target("OS") != "linux" || target("ENV") != "gnu" {
        return Ok(());
    }
    let linker = env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned());
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    let Some(scripts) = scripts(&linker) else {
        return Ok(());
    };
    if !starts(&linker, &folder) {
        return Ok(());
    }
    for (name, script) in scripts {
        fs::write(folder.join(format!("lib{name}.so")), script)?;
    }
    println!("cargo::rustc-link-arg-bins=-L{}", folder.display());
    println!("cargo::rustc-link-arg-bins=-static-pie");
    Ok(())
}

/// A linker script for each library; none when an archive is missing.
fn scripts(linker: &str) -> Option<Vec<(&'static str, String)>> {
    let script = |(name, archives): (&'static str, &[&str])| {
        let paths = archives.iter().map(|archive| {
            let words = format!("-print-file-name={archive}");
            let output = Command::new(linker).arg(words).output().ok()?;
            let path = String::from_utf8(output.stdout).ok()?;
            // A compiler that has no such file repeats the bare name.
            let found = Path::new(path.trim()).is_absolute();
            found.then(|| format!("\"{}\"", path.trim()))
        });
        let paths: Option<Vec<String>> = paths.collect();
        Some((name, format!("GROUP({})\n", paths?.join(" "))))
    };
    LIBRARIES.into_iter().map(script).collect()
}

/// Whether this machine can link an empty program in this way, and start it.
fn starts(linker: &str, folder: &Path) -> bool {
    let (source, program) = (folder.join("empty.c"), folder.join("empty"));
    let ends_well = |command: &mut Command| command.status().is_ok_and(|it| it.success());
    fs::write(&source, "int main(void) { return 0; }\n").is_ok()
        && ends_well(
            Command::new(linker)
                .arg("-static-pie")
                .arg(&source)
                .arg("-o")
                .arg(&program),
        )
        && ends_well(&mut Command::new(&program))
}
