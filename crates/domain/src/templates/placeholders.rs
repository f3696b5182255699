//! What may stand between braces: names of variables, and `if` on them. Nothing else of the template language.

/// Checks that a text holds no tags but `{{ variable }}`, `{% if variable %}`,
/// `{% if not variable %}`, `{% else %}` and `{% endif %}`.
///
/// # Errors
/// Names the tag that cannot be taken.
pub(super) fn check(text: &str, variables: &[&str]) -> Result<(), String> {
    let mut rest = text;
    while let Some(at) = ["{{", "{%", "{#"].iter().filter_map(|it| rest.find(it)).min() {
        let (open, inside) = rest[at..].split_at(2);
        let close = match open {
            "{{" => "}}",
            "{%" => "%}",
            _ => return Err("comments {# … #} are not allowed".to_owned()),
        };
        let (tag, after) = inside.split_once(close).ok_or_else(|| format!("{open} without its {close}"))?;
        let words: Vec<&str> = tag.split(' ').filter(|it| !it.is_empty()).collect();
        let known = |it: &str| variables.contains(&it);
        let is_right = match (open, words.as_slice()) {
            ("{{", [name]) | ("{%", ["if", name] | ["if", "not", name]) => known(name),
            ("{%", ["else" | "endif"]) => true,
            _ => false,
        };
        if !is_right {
            let shown: String = tag.chars().filter(|c| !c.is_control()).take(40).collect();
            return Err(format!(
                "{open}{shown}{close} is not allowed: variables are {}",
                variables.join(", ")
            ));
        }
        rest = after;
    }
    Ok(())
}
