//! What HTML a template may hold: words, their looks, links and pictures. No script, no form, nothing that acts, and
//! nothing filled in but between tags and as the whole of a link.

use html5ever::{
    Attribute,
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
        states::RawKind,
    },
};
use std::cell::{Cell, RefCell};

const TAGS: &str = " html head title meta style body main section header footer div span center p br hr a img b strong i \
    em u s small sub sup bdi h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code table caption colgroup col thead tbody tfoot \
    tr td th font ";
const ATTRIBUTES: &str = " style class id lang dir title alt align valign width height bgcolor color border cellpadding \
    cellspacing colspan rowspan role href src charset name content target rel face size aria-hidden aria-label ";
/// What a `meta` may be about.
const METAS: [&str; 4] =
    ["viewport", "color-scheme", "supported-color-schemes", "x-apple-disable-message-reformatting"];
/// What styles may not hold: what fetches, what acts, what ends the style, what is filled in.
const NOT_IN_STYLES: [&str; 9] =
    ["url(", "image(", "image-set(", "@import", "expression(", "behavior", "-moz-binding", "<", "\\"];

/// Reads every tag.
///
/// # Errors
/// Names the first that cannot be taken.
pub(super) fn check(html: &str) -> Result<(), String> {
    if html.contains("<{") {
        return Err("a < right before a brace is not allowed: a value would become a tag".to_owned());
    }
    let reader = Reader { fault: RefCell::default(), in_style: Cell::new(false) };
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(reader, TokenizerOpts::default());
    _ = tokenizer.feed(&input);
    tokenizer.end();
    match tokenizer.sink.fault.take() {
        Some(fault) => Err(fault),
        None if tokenizer.sink.in_style.get() => Err("a <style> without its end".to_owned()),
        None => Ok(()),
    }
}

struct Reader {
    fault: RefCell<Option<String>>,
    in_style: Cell<bool>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let read = match token {
            Token::TagToken(tag) => return self.tag(&tag),
            Token::CommentToken(_) => Err("comments <!-- … --> are not allowed".to_owned()),
            Token::CharacterTokens(text) if self.in_style.get() => style(&text),
            Token::CharacterTokens(_)
            | Token::DoctypeToken(_)
            | Token::NullCharacterToken
            | Token::ParseError(_)
            | Token::EOFToken => Ok(()),
        };
        self.note(read);
        TokenSinkResult::Continue
    }
}

impl Reader {
    fn tag(&self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        let is_known = TAGS.contains(&format!(" {name} "));
        self.note(if is_known { Ok(()) } else { Err(format!("<{}> is not allowed", shown(name))) });
        for attribute in &tag.attrs {
            self.note(of_tag(name, attribute));
        }
        self.in_style.set(name == "style" && tag.kind == TagKind::StartTag);
        match (name, tag.kind) {
            ("style", TagKind::StartTag) => TokenSinkResult::RawData(RawKind::Rawtext),
            ("title", TagKind::StartTag) => TokenSinkResult::RawData(RawKind::Rcdata),
            (_, TagKind::StartTag | TagKind::EndTag) => TokenSinkResult::Continue,
        }
    }

    /// Keeps the first fault.
    fn note(&self, read: Result<(), String>) {
        if let Err(fault) = read {
            self.fault.borrow_mut().get_or_insert(fault);
        }
    }
}

fn of_tag(tag: &str, attribute: &Attribute) -> Result<(), String> {
    let (name, value) = (&*attribute.name.local, &*attribute.value);
    if !ATTRIBUTES.contains(&format!(" {name} ")) {
        return Err(format!("the attribute {} of <{}> is not allowed", shown(name), shown(tag)));
    }
    match (tag, name) {
        ("a", "href") => link(value),
        ("img", "src") => picture(value),
        (_, "href" | "src") => Err(format!("<{}> may not point anywhere", shown(tag))),
        ("meta", "name") if !METAS.contains(&value) => {
            Err(format!("<meta name=\"{}\"> is not allowed", shown(value)))
        }
        (_, "style") => style(value),
        (_, _) if value.contains('{') => Err(format!("nothing can be filled in for {}", shown(name))),
        (_, _) => Ok(()),
    }
}

/// A link is filled in whole, or fixed.
fn link(value: &str) -> Result<(), String> {
    let is_filled = matches!(value.replace(' ', "").as_str(), "{{link}}" | "{{login_link}}");
    let is_fixed = !value.contains('{') && (is_https(value) || value.starts_with("mailto:"));
    if is_filled || is_fixed {
        return Ok(());
    }
    Err("a link is {{ link }}, {{ login_link }}, or a fixed https: or mailto: URL".to_owned())
}

/// A picture is the same for every reader: it cannot tell who opened the mail.
fn picture(value: &str) -> Result<(), String> {
    if !value.contains('{') && is_https(value) {
        return Ok(());
    }
    Err("a picture is at a fixed https: URL".to_owned())
}

fn is_https(value: &str) -> bool {
    url::Url::parse(value).is_ok_and(|it| it.scheme() == "https" && it.username().is_empty())
}

fn style(text: &str) -> Result<(), String> {
    let (lower, tight) = (text.to_lowercase(), text.replace([' ', '\t', '\n'], "").to_lowercase());
    if let Some(found) = NOT_IN_STYLES.iter().find(|it| lower.contains(**it) || tight.contains(**it)) {
        return Err(format!("{found} is not allowed in styles"));
    }
    if ["{{", "{%", "/*"].iter().any(|it| text.contains(it)) {
        return Err("styles hold no comments, and nothing can be filled in".to_owned());
    }
    Ok(())
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}
