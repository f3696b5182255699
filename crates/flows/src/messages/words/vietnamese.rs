//! Vietnamese. Its text messages are written without diacritics, as is usual there: one segment instead of two.

use super::{Notices, Texts, Times, Words, code, link};

pub const WORDS: Words = Words {
    tag: "vi",
    direction: "ltr",
    your_organization: "tổ chức của bạn",
    times: Times { minutes: "{n} phút", hours: "{n} giờ", days: "{n} ngày" },
    login: link("Đăng nhập vào {name}", "Dùng liên kết này để đăng nhập vào {name}:", "Đăng nhập"),
    signup: link("Đăng ký {name}", "Dùng liên kết này để hoàn tất đăng ký {name}:", "Đăng ký"),
    invite: link(
        "Bạn được mời tham gia {name}",
        "Bạn được mời tham gia {name}. Dùng liên kết này để chấp nhận:",
        "Chấp nhận lời mời",
    ),
    new_address: link(
        "Xác nhận địa chỉ mới của bạn tại {name}",
        "Dùng liên kết này để đặt đây làm địa chỉ email của bạn tại {name}:",
        "Xác nhận địa chỉ",
    ),
    login_code: code("Mã của bạn cho {name}", "Dùng mã này để đăng nhập vào {name}:"),
    signup_code: code("Mã của bạn cho {name}", "Dùng mã này để hoàn tất đăng ký {name}:"),
    new_address_code: code(
        "Xác nhận địa chỉ mới của bạn tại {name}",
        "Dùng mã này để đặt đây làm địa chỉ email của bạn tại {name}:",
    ),
    reset: link(
        "Đặt lại mật khẩu {name}",
        "Dùng liên kết này để chọn mật khẩu của bạn cho {name}:",
        "Chọn mật khẩu",
    ),
    first_password: link(
        "Đặt mật khẩu {name}",
        "Dùng liên kết này để chọn mật khẩu của bạn cho {name}:",
        "Chọn mật khẩu",
    ),
    without_password: "Hoặc đăng nhập không cần mật khẩu:",
    link_ends: "Liên kết hết hạn sau {time} và chỉ dùng được một lần. Nếu bạn không yêu cầu, hãy bỏ qua thư này.",
    links_end: "Các liên kết hết hạn sau {time} và chỉ dùng được một lần. Nếu bạn không yêu cầu, hãy bỏ qua thư này.",
    code_ends: "Mã hết hạn sau {time} và chỉ dùng được một lần. Đừng chia sẻ mã. Nếu bạn không yêu cầu, hãy bỏ qua thư này.",
    notices: Notices {
        subject: "Bảo mật đăng nhập của bạn đã thay đổi",
        advice: "Nếu không phải bạn hoặc quản trị viên của bạn thực hiện, hãy báo ngay cho quản trị viên.",
        phone_added: "Một số điện thoại để xác nhận đăng nhập của bạn đã được thêm.",
        phone_removed: "Số điện thoại dùng để xác nhận đăng nhập của bạn đã bị xóa.",
        totp_added: "Một ứng dụng xác thực để xác nhận đăng nhập của bạn đã được thêm.",
        totp_removed: "Ứng dụng xác thực dùng để xác nhận đăng nhập của bạn đã bị xóa.",
        password_set: "Một mật khẩu đã được đặt cho tài khoản của bạn.",
        password_changed: "Mật khẩu của bạn đã được đổi và các phiên khác của bạn đã kết thúc.",
        password_removed: "Mật khẩu của bạn đã bị xóa.",
        codes_replaced: "Các mã khôi phục của bạn đã được thay bằng mã mới.",
        codes_read: "Quản trị viên của bạn đã xem các mã khôi phục của bạn.",
        code_used: "Một mã khôi phục đã được dùng để xác nhận đăng nhập. Số mã còn lại: {count}.",
        email_changed: "Địa chỉ email của tài khoản bạn đã được thay đổi.",
        rules_changed: "Quy tắc xác nhận đăng nhập của bạn đã được thay đổi.",
        locked: "Có quá nhiều mã sai được nhập cho tài khoản của bạn. Việc xác nhận đăng nhập tạm thời bị khóa.",
        disabled: "Có quá nhiều mã sai được nhập cho tài khoản của bạn. Việc xác nhận đăng nhập bị tắt cho đến khi quản trị viên mở khóa.",
        impersonated: "Một người vận hành dịch vụ này đã mở tài khoản của bạn để hỗ trợ bạn, nhiều nhất một giờ.",
    },
    texts: Texts {
        passcode: "Ma xac thuc cua ban la {code}. Het han sau 2 phut. Khong chia se ma nay.",
        passcode_in_short: "Ma cua ban la {code}.",
        number_removed: "So nay khong con xac nhan dang nhap tai khoan cua ban. Neu khong phai ban, hay bao quan tri vien.",
    },
};
