//! Japanese.

use super::{Notices, Texts, Times, Words, code, link};

pub const WORDS: Words = Words {
    tag: "ja",
    direction: "ltr",
    your_organization: "ご所属の組織",
    times: Times { minutes: "{n}分", hours: "{n}時間", days: "{n}日" },
    login: link("{name} へのログイン", "次のリンクから {name} にログインしてください。", "ログイン"),
    signup: link("{name} への登録", "次のリンクから {name} への登録を完了してください。", "登録する"),
    invite: link(
        "{name} への招待",
        "{name} に招待されています。次のリンクから承諾してください。",
        "招待を承諾する",
    ),
    new_address: link(
        "{name} の新しいメールアドレスの確認",
        "次のリンクから、このアドレスを {name} のメールアドレスとして確認してください。",
        "アドレスを確認する",
    ),
    login_code: code("{name} の認証コード", "次のコードで {name} にログインしてください。"),
    signup_code: code("{name} の認証コード", "次のコードで {name} への登録を完了してください。"),
    new_address_code: code(
        "{name} の新しいメールアドレスの確認",
        "次のコードで、このアドレスを {name} のメールアドレスとして確認してください。",
    ),
    reset: link(
        "{name} のパスワードの再設定",
        "次のリンクから {name} のパスワードを設定してください。",
        "パスワードを設定する",
    ),
    first_password: link(
        "{name} のパスワードの設定",
        "次のリンクから {name} のパスワードを設定してください。",
        "パスワードを設定する",
    ),
    without_password: "パスワードを使わずにログインする場合：",
    link_ends: "リンクの有効期限は{time}で、一度だけ使えます。お心当たりがない場合は、このメールを無視してください。",
    links_end: "各リンクの有効期限は{time}で、一度だけ使えます。お心当たりがない場合は、このメールを無視してください。",
    code_ends: "コードの有効期限は{time}で、一度だけ使えます。他人に教えないでください。お心当たりがない場合は、このメールを無視してください。",
    notices: Notices {
        subject: "ログインのセキュリティ設定が変更されました",
        advice: "ご自身または管理者による操作でない場合は、すぐに管理者に連絡してください。",
        phone_added: "ログインの確認に使う電話番号が追加されました。",
        phone_removed: "ログインの確認に使う電話番号が削除されました。",
        totp_added: "ログインの確認に使う認証アプリが追加されました。",
        totp_removed: "ログインの確認に使う認証アプリが削除されました。",
        password_set: "アカウントにパスワードが設定されました。",
        password_changed: "パスワードが変更され、他のセッションは終了しました。",
        password_removed: "パスワードが削除されました。",
        codes_replaced: "リカバリーコードが新しいものに置き換えられました。",
        codes_read: "管理者がリカバリーコードを閲覧しました。",
        code_used: "ログインの確認にリカバリーコードが使われました。残りのコード数：{count}",
        email_changed: "アカウントのメールアドレスが変更されました。",
        rules_changed: "ログインの確認に関する設定が変更されました。",
        locked: "誤ったコードが何度も入力されたため、ログインの確認をしばらくロックしました。",
        disabled: "誤ったコードが何度も入力されたため、管理者がロックを解除するまでログインの確認を停止しました。",
        impersonated: "このサービスの運営担当者が、サポートのため最長１時間アカウントを開きました。",
    },
    texts: Texts {
        passcode: "認証コード：{code}（2分間有効）。他人に教えないでください。",
        passcode_in_short: "認証コード：{code}",
        number_removed: "この番号はログインの確認に使われなくなりました。心当たりがない場合は管理者に連絡してください。",
    },
};
