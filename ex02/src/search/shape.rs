//! What is the shape of a key, and how is it looked at closely?

/// A kind of key with a well-known shape.
pub struct Shape {
    /// The name of the rule, such as `github-pat`. It stays the same when the words change.
    pub rule: &'static str,
    /// The kind of key, in words.
    pub name: &'static str,
    /// The texts that the search finds first, in every file, at the speed of memory. With a `|` between.
    pub anchors: &'static str,
    /// How the place of an anchor is looked at closely.
    pub look: Look,
}

/// The text before an anchor: bytes of this kind, with the least and the greatest number.
pub type Head = (fn(u8) -> bool, usize, usize);

/// How a place is looked at closely.
#[derive(Clone, Copy)]
pub enum Look {
    /// The anchor begins a word, and this pattern follows it.
    After(&'static str),
    /// The anchor is inside a key: the text before it, and the pattern after it.
    Around(Head, &'static str),
    /// After the first line of a key block comes text that a machine made.
    PrivateKey,
    /// Three parts in base64, with dots between.
    WebToken,
    /// The anchor is a part of a name, and the name is set to a strong value.
    Assignment,
    /// A password in a URL.
    Password,
    /// A strong token in a header.
    Bearer,
    /// The same, under the header's name.
    Authorization,
    /// A name and a strong password, in base64.
    Basic,
    /// A random password after `-u name:`.
    CurlUser,
    /// A random password after one of these options of a program.
    Command(&'static [&'static str]),
}

/// One row of the table.
pub const fn shape(
    rule: &'static str,
    name: &'static str,
    anchors: &'static str,
    look: Look,
) -> Shape {
    Shape {
        rule,
        name,
        anchors,
        look,
    }
}

/// A key that begins with one of its anchors.
pub const fn after(
    rule: &'static str,
    name: &'static str,
    anchors: &'static str,
    pattern: &'static str,
) -> Shape {
    shape(rule, name, anchors, Look::After(pattern))
}

/// True for a byte that may be a part of a secret of Azure.
pub fn in_azure(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_~.-".contains(&byte)
}
