//! How the pocket telephone says times.

use domain::Timestamp;

/// How long ago it was; what is yet to come counts as now.
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    match now.seconds() - at.seconds() {
        ..=1 => "just now".to_owned(),
        seconds @ ..60 => format!("{seconds} s ago"),
        seconds @ ..3600 => format!("{} min ago", seconds / 60),
        seconds @ ..86400 => format!("{} h ago", seconds / 3600),
        seconds => format!("{} d ago", seconds / 86400),
    }
}

/// How far the server's clock is ahead of the machine's.
pub fn ahead(milliseconds: i64) -> String {
    let seconds = milliseconds / 1000;
    let counts =
        [(seconds / 86400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let parts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    if parts.is_empty() { "not moved".to_owned() } else { format!("{} ahead", parts.join(" ")) }
}

/// Day and time of day in UTC, from the form of RFC 3339.
pub fn day_and_time(rfc_3339: &str) -> (&str, &str) {
    let (day, time) = rfc_3339.split_once('T').unwrap_or((rfc_3339, ""));
    (day, time.get(..8).unwrap_or(time))
}

/// "1 text", "2 texts".
pub fn count(of: usize, what: &str) -> String {
    format!("{of} {what}{}", if of == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::Span;

    #[test]
    fn a_time_is_told_in_its_largest_unit() {
        let now = Timestamp::from_milliseconds(1_700_000_000_000);
        let told = |seconds| ago(now.minus(Span::seconds(seconds)), now);
        assert_eq!(told(-30), "just now");
        assert_eq!(told(1), "just now");
        assert_eq!(told(59), "59 s ago");
        assert_eq!(told(119), "1 min ago");
        assert_eq!(told(7200), "2 h ago");
        assert_eq!(told(86400), "1 d ago");
    }

    #[test]
    fn a_moved_clock_says_how_far() {
        assert_eq!(ahead(0), "not moved");
        assert_eq!(ahead(31_000), "31 s ahead");
        assert_eq!(ahead(90_061_000), "1 d 1 h 1 min 1 s ahead");
        assert_eq!(ahead(3_600_000), "1 h ahead");
    }

    #[test]
    fn the_time_of_day_has_no_fractions() {
        assert_eq!(day_and_time("2023-11-14T22:13:20.25Z"), ("2023-11-14", "22:13:20"));
    }
}
