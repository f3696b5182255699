//! Simplified Chinese.

use super::{Notices, Texts, Times, Words, code, link};

pub const WORDS: Words = Words {
    tag: "zh-Hans",
    direction: "ltr",
    your_organization: "您的组织",
    times: Times { minutes: "{n} 分钟", hours: "{n} 小时", days: "{n} 天" },
    login: link("登录 {name}", "请使用此链接登录 {name}：", "登录"),
    signup: link("注册 {name}", "请使用此链接完成 {name} 的注册：", "注册"),
    invite: link("您已受邀加入 {name}", "您已受邀加入 {name}。请使用此链接接受邀请：", "接受邀请"),
    new_address: link(
        "确认您在 {name} 的新邮箱地址",
        "请使用此链接将本邮箱设为您在 {name} 的邮箱地址：",
        "确认邮箱地址",
    ),
    login_code: code("您的 {name} 验证码", "请使用此验证码登录 {name}："),
    signup_code: code("您的 {name} 验证码", "请使用此验证码完成 {name} 的注册："),
    new_address_code: code(
        "确认您在 {name} 的新邮箱地址",
        "请使用此验证码将本邮箱设为您在 {name} 的邮箱地址：",
    ),
    reset: link("重置您的 {name} 密码", "请使用此链接设置您的 {name} 密码：", "设置密码"),
    first_password: link("设置您的 {name} 密码", "请使用此链接设置您的 {name} 密码：", "设置密码"),
    without_password: "或者不使用密码登录：",
    link_ends: "链接在 {time}内有效，且只能使用一次。如非您本人请求，请忽略此邮件。",
    links_end: "链接在 {time}内有效，且各只能使用一次。如非您本人请求，请忽略此邮件。",
    code_ends: "验证码在 {time}内有效，且只能使用一次。请勿告知他人。如非您本人请求，请忽略此邮件。",
    notices: Notices {
        subject: "您的登录安全设置已更改",
        advice: "如果这不是您或您的管理员所为，请立即联系您的管理员。",
        phone_added: "已添加用于确认登录的手机号码。",
        phone_removed: "用于确认登录的手机号码已被移除。",
        totp_added: "已添加用于确认登录的身份验证器应用。",
        totp_removed: "用于确认登录的身份验证器应用已被移除。",
        password_set: "您的账户已设置密码。",
        password_changed: "您的密码已更改，其他会话已结束。",
        password_removed: "您的密码已被移除。",
        codes_replaced: "您的恢复代码已更换为新的代码。",
        codes_read: "您的管理员查看了您的恢复代码。",
        code_used: "有人使用一个恢复代码确认了登录。剩余代码数：{count}。",
        email_changed: "您账户的邮箱地址已更改。",
        rules_changed: "确认登录的规则已更改。",
        locked: "您的账户输入错误验证码的次数过多。登录确认已暂时锁定。",
        disabled: "您的账户输入错误验证码的次数过多。登录确认已停用，需由管理员解锁。",
        impersonated: "本服务的运营人员为了协助您打开了您的账户，最长一小时。",
    },
    texts: Texts {
        passcode: "您的验证码是{code}，2分钟内有效，请勿告知他人。",
        passcode_in_short: "您的验证码是{code}。",
        number_removed: "此号码已不再用于确认您的登录。如非本人操作，请联系管理员。",
    },
};
