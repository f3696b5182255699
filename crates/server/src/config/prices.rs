//! The table of prices, read once: `serve` starts anew with another.

use super::raw::Sms;
use crate::Failure;
use domain::prices::Prices;
use std::{fs, path::Path};

pub fn table(sms: &Sms, folder: &Path) -> Result<Prices, Failure> {
    let Some(file) = &sms.prices_file else { return Ok(Prices::built_in()) };
    let file = folder.join(file);
    let named = |fault: &dyn std::fmt::Display| format!("sms.prices_file: {}: {fault}", file.display());
    let text = fs::read_to_string(&file).map_err(|fault| named(&fault))?;
    Ok(Prices::parse(&text).map_err(|fault| named(&fault))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_cannot_be_used_is_named_with_its_line() {
        let folder = std::env::temp_dir();
        let name = format!("vestibule-prices-{}.csv", std::process::id());
        fs::write(folder.join(&name), "prefix,price\n1,0.01\n41,cheap\n").unwrap();
        let sms = Sms { prices_file: Some((&name).into()), ..Sms::default() };
        let error = table(&sms, &folder).err().unwrap().to_string();
        fs::remove_file(folder.join(&name)).unwrap();
        assert!(error.starts_with("sms.prices_file: ") && error.contains("line 3: a price"), "{error}");
        assert!(table(&sms, &folder).is_err(), "it is gone");
    }
}
