//! Which tool made the shim? A shim is a script or link named `python3` on PATH. It chooses a Python when it runs.

use bstr::ByteSlice;

use super::path::Found;
use super::pyenv;
use crate::finding::{Cause, Notes, OfPyenv, Opaque, Reader};
use crate::support::files;
use crate::support::{PyPath, World};

/// Follows a shim of pyenv. Other tools read much more than a version, so their shims are only named.
pub fn follow_shim(
    found: Found,
    script: &[u8],
    world: &World,
    notes: &mut Notes,
) -> Result<Found, Cause> {
    if let Some(root) = pyenv::root_in(script) {
        notes.say(Reader::Shell, &found.file, OfPyenv::Shim(root.clone()));
        return pyenv::follow(&root, &found, world, notes);
    }
    // The shims of mise are links to mise itself.
    let links_to_mise = || {
        let target = files::link(&found.file);
        target.is_some_and(|it| it.basename().bytes() == b"mise")
    };
    let mise = || links_to_mise().then_some(Opaque::ShimOf("mise"));
    match made_by(script).or_else(mise) {
        Some(why) => Err(Cause::opaque(&found.file, why)),
        None => Ok(found),
    }
}

/// Which tool's script it is, found by its text.
fn made_by(script: &[u8]) -> Option<Opaque> {
    let mut lines = script.split(|&byte| byte == b'\n');
    lines.find_map(|line| {
        if line.starts_with(b"# asdf-plugin: python") {
            return Some(Opaque::ShimOf("asdf"));
        }
        let is_wrapped = line.contains_str("/nix/store/") && line.contains_str("exec ");
        is_wrapped.then_some(Opaque::WrapperOfNix)
    })
}

/// The tool whose shims are in this folder; `None` if it is no folder of shims. The folder's name shows it, because the files in it come
/// and go with each installation.
pub fn tool_of_shims(folder: &PyPath) -> Option<&'static str> {
    let path = folder.without_trailing_slashes();
    let folder = |tool: &str| format!("{tool}/shims");
    let mut tools = ["pyenv", "mise", "asdf"].into_iter();
    tools.find(|it| path.bytes().ends_with(folder(it).as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_shim_shows_the_tool() {
        let asdf = b"#!/usr/bin/env bash\n# asdf-plugin: python 3.11.4\nexec /opt/asdf exec \"python3\" \"$@\"\n";
        assert_eq!(made_by(asdf), Some(Opaque::ShimOf("asdf")));
        let nix = b"#! /nix/store/b-bash/bin/bash -e\nexec -a \"$0\" \"/nix/store/x/bin/.python3-wrapped\" \"$@\"\n";
        assert_eq!(made_by(nix), Some(Opaque::WrapperOfNix));
        assert_eq!(made_by(b"#!/bin/sh\nexec python3.11 \"$@\"\n"), None);
        assert_eq!(
            tool_of_shims(&"/home/neo/.local/share/mise/shims/".into()),
            Some("mise")
        );
        assert_eq!(tool_of_shims(&"/home/neo/.asdf/shims".into()), Some("asdf"));
        assert_eq!(tool_of_shims(&"/usr/bin".into()), None);
    }
}
