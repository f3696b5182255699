//! Signed heads that are thinned out, and what is still found out then.

use super::{chain_of, extend, take_the_guards_away};
use flows::audit::{
    signing, thinning,
    verification::{Part, Report, verify},
};
use testkit::{TestApp, on_both_databases};

async fn numbers(app: &TestApp) -> Vec<i64> {
    signing::after(&app.api.app.db, 0, 100).await.unwrap().into_iter().map(|(number, _)| number).collect()
}

async fn verified(app: &TestApp) -> Report {
    verify(&app.api.app.db, &Part::default(), None, &mut |_, _| {}).await.unwrap()
}

/// Twelve days, two documents a day; the third is the last one of a chain that rests.
async fn twelve_days(app: &TestApp) {
    let organization = chain_of(app, 1).await;
    for at in 1..=24 {
        extend(app, &organization).await;
        if at == 3 {
            chain_of(app, 1).await;
        }
        signing::sign_moved(&app.api.app.db, app.now()).await.unwrap();
        app.advance(12 * 3600);
    }
}

async fn thin(app: &TestApp) -> u64 {
    thinning::thin(&app.api.app.db, app.now()).await.unwrap()
}

on_both_databases! {
    async fn the_last_of_a_day_the_newest_of_a_chain_and_a_week_are_kept(app: TestApp) {
        twelve_days(&app).await;
        assert!(thin(&app).await > 0);
        let kept = numbers(&app).await;
        assert!(kept.contains(&1) && kept.contains(&3) && kept.ends_with(&(11..=24).collect::<Vec<_>>()), "{kept:?}");
        assert!(kept.len() < 22, "{kept:?}");
        assert_eq!(thin(&app).await, 0, "a second time there is nothing to do");
        let report = verified(&app).await;
        assert!(report.is_good(), "{report:?}");
    }

    async fn what_is_thinned_later_is_bridged_anew(app: TestApp) {
        twelve_days(&app).await;
        thin(&app).await;
        app.advance(30 * 86_400);
        let (before, gone) = (numbers(&app).await.len(), thin(&app).await);
        assert!(gone > 0);
        assert_eq!(numbers(&app).await.len(), before - usize::try_from(gone).unwrap());
        assert!(verified(&app).await.is_good());
    }

    async fn a_gap_that_somebody_else_made_is_named(app: TestApp) {
        twelve_days(&app).await;
        thin(&app).await;
        take_the_guards_away(&app).await;
        let kept = numbers(&app).await;
        let mut tx = app.api.app.db.write().await.unwrap();
        tx.sql("DELETE FROM audit_heads WHERE number = $1").bind(&kept[3]).execute().await.unwrap();
        tx.commit().await.unwrap();
        assert!(verified(&app).await.heads[0].contains("is missing"), "{:?}", verified(&app).await.heads);
    }
}
