//! Whose shim is it? A script or link that a tool puts on PATH in Python's name, and that chooses one when it runs.

use super::path::Found;
use super::pyenv;
use crate::finding::{Cause, Manager, Notes, Opaque, Reader, Said};
use crate::support::files;
use crate::support::{PyPath, World};

/// Follows a shim of pyenv's, whose text is known; one of another tool's, which reads much more than a version, is named.
pub fn follow_shim(
    found: Found,
    script: &[u8],
    world: &World,
    notes: &mut Notes,
) -> Result<Found, Cause> {
    let opaque = |file: &PyPath, manager| Cause::Opaque {
        file: file.clone(),
        why: Opaque::ShimOf(manager),
    };
    // mise's shims are links to mise itself.
    if files::link(&found.file).is_some_and(|it| it.basename().bytes() == b"mise") {
        return Err(opaque(&found.file, Manager::Mise));
    }
    if !script.starts_with(b"#!") {
        return Ok(found);
    }
    if let Some(root) = pyenv::root_in(script) {
        notes.say(
            Reader::Shell,
            &found.file,
            Said::Shim { root: root.clone() },
        );
        return pyenv::follow(&root, &found, world, notes);
    }
    match manager(script) {
        Some(manager) => Err(opaque(&found.file, manager)),
        None => Ok(found),
    }
}

/// Whose script is it, by what it says of itself?
fn manager(script: &[u8]) -> Option<Manager> {
    let mut lines = script.split(|&byte| byte == b'\n');
    lines.find_map(|line| {
        if line.starts_with(b"# asdf-plugin: python") {
            return Some(Manager::Asdf);
        }
        let is_wrapped = memchr::memmem::find(line, b"/nix/store/").is_some()
            && memchr::memmem::find(line, b"exec ").is_some();
        is_wrapped.then_some(Manager::Nix)
    })
}

/// The tool whose folder of shims this is, by its name: they come and go with every installation.
pub fn folder_of(folder: &PyPath) -> Option<&'static str> {
    let tools = [
        (".pyenv/shims", "pyenv"),
        ("pyenv/shims", "pyenv"),
        ("mise/shims", "mise"),
        (".asdf/shims", "asdf"),
        ("asdf/shims", "asdf"),
    ];
    let path = folder.without_trailing_slashes();
    let ends = |end: &&str| path.bytes().ends_with(end.as_bytes());
    tools
        .iter()
        .find(|(end, _)| ends(end))
        .map(|(_, tool)| *tool)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shim_says_whose_it_is() {
        let asdf = b"#!/usr/bin/env bash\n# asdf-plugin: python 3.11.4\nexec /opt/asdf exec \"python3\" \"$@\"\n";
        assert_eq!(manager(asdf), Some(Manager::Asdf));
        let nix = b"#! /nix/store/b-bash/bin/bash -e\nexec -a \"$0\" \"/nix/store/x/bin/.python3-wrapped\" \"$@\"\n";
        assert_eq!(manager(nix), Some(Manager::Nix));
        assert_eq!(manager(b"#!/bin/sh\nexec python3.11 \"$@\"\n"), None);
        assert_eq!(
            folder_of(&"/home/neo/.local/share/mise/shims/".into()),
            Some("mise")
        );
        assert_eq!(folder_of(&"/home/neo/.asdf/shims".into()), Some("asdf"));
        assert_eq!(folder_of(&"/usr/bin".into()), None);
    }
}
