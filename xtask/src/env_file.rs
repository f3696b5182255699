//! What `vestibule dev` writes for whoever wants to call it.

/// Names and values, in the order of the file.
pub type Variables = Vec<(String, String)>;

const LEAST: [&str; 3] = ["VESTIBULE_URL", "VESTIBULE_PROJECT_ID", "VESTIBULE_SECRET"];

/// None while the file is not written to its end.
pub fn complete(text: &str) -> Option<Variables> {
    let variables: Variables = text.lines().filter_map(variable).collect();
    let is_there = |name: &str| variables.iter().any(|(known, _)| known == name);
    (text.ends_with('\n') && LEAST.into_iter().all(is_there)).then_some(variables)
}

/// `NAME=value`, the value perhaps in quotes for a shell.
fn variable(line: &str) -> Option<(String, String)> {
    let (name, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=')?;
    let bare = ['\'', '"']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value);
    (!name.starts_with('#')).then(|| (name.to_owned(), bare.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "VESTIBULE_URL=http://127.0.0.1:1\nVESTIBULE_PROJECT_ID=p\nVESTIBULE_SECRET='a=b'\n";

    #[test]
    fn a_whole_file_gives_its_variables_without_quotes() {
        let secret = ("VESTIBULE_SECRET".to_owned(), "a=b".to_owned());
        assert_eq!(complete(WHOLE).unwrap().last(), Some(&secret));
    }

    #[test]
    fn a_file_cut_off_anywhere_gives_nothing() {
        for end in 0..WHOLE.len() {
            assert_eq!(complete(&WHOLE[..end]), None, "{:?}", &WHOLE[..end]);
        }
    }
}
