//! Sorts recorded figures, so that they take no more room the longer nobody looks.

use super::Stop;
use crate::operations::Figures;
use std::{sync::Arc, time::Duration};

const EVERY: Duration = Duration::from_secs(5);

/// Runs until told to stop.
pub async fn figures(figures: Arc<Figures>, stop: Stop) {
    while stop.pause(EVERY).await {
        figures.tidy();
    }
}
