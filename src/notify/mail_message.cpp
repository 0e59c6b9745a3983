#include "notify/mail_message.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

#include "base/utf8.h"
#include "notify/mail_text.h"

namespace gander::notify {
namespace {

constexpr size_t kLineColumns = 76;
constexpr std::string_view kEnd = "\r\n";

bool plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

std::string base64(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < text.size(); i += 3) {
    uint32_t bits = 0;
    const size_t count = std::min<size_t>(3, text.size() - i);
    for (size_t k = 0; k < 3; ++k) bits = (bits << 8) | (k < count ? static_cast<unsigned char>(text[i + k]) : 0u);
    for (size_t k = 0; k < 4; ++k) out.push_back(k <= count ? kDigits[(bits >> (18 - 6 * k)) & 63] : '=');
  }
  return out;
}

void header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append(kEnd);
}

// "<a>, <b>", folded (a line must not pass 998 bytes) unless OSSEC's bytes are wanted.
std::string address_list(const std::vector<std::string>& addresses, size_t first, const MailMessage& mail,
                         size_t used) {
  std::string out;
  size_t column = used;
  for (size_t i = first; i < addresses.size(); ++i) {
    const std::string one = "<" + addresses[i] + ">";
    if (i != first) {
      const bool fold = mail.compat == model::Compat::Mended && column + one.size() + 2 > kLineColumns;
      out.append(fold ? ",\r\n " : ", ");
      column = fold ? 1 : column + 2;
    }
    out.append(one);
    column += one.size();
  }
  return out;
}

std::string text_header(std::string_view text, const MailMessage& mail, size_t used) {
  const std::string safe = one_line(text, mail.compat);
  return mail.compat == model::Compat::Ossec43 && mail.form == MailMessage::Form::Plain ? safe
                                                                                        : encoded_header(safe, used);
}

void append_headers(std::string& out, const MailMessage& mail, const std::vector<std::string>& to) {
  using Others = MailMessage::Others;
  const std::string name = "OSSEC HIDS ";
  if (!to.empty()) {
    header(out, "To", mail.others == Others::To ? address_list(to, 0, mail, 4) : "<" + to.front() + ">");
  }
  header(out, "From", name + "<" + (is_plain_address(mail.from) ? mail.from : "") + ">");
  if (is_plain_address(mail.reply_to)) header(out, "Reply-To", name + "<" + mail.reply_to + ">");
  if (mail.others == Others::Cc && to.size() > 1) header(out, "Cc", address_list(to, 1, mail, 4));
  if (mail.others == Others::ManyTo) {
    for (size_t i = 1; i < to.size(); ++i) header(out, "To", "<" + to[i] + ">");
  }
  header(out, "Date", mail_date(mail.date, mail.zone));
  if (!mail.ids_name.empty()) header(out, "X-IDS-OSSEC", text_header(mail.ids_name, mail, 13));
  header(out, "Subject", text_header(mail.subject, mail, 9));
}

void append_part(std::string& out, std::string_view type, std::string_view text) {
  header(out, "Content-Type", std::string(type) + "; charset=utf-8");
  header(out, "Content-Transfer-Encoding", "quoted-printable");
  out.append(kEnd).append(quoted_printable(text));
}

void append_mime(std::string& out, const MailMessage& mail) {
  const std::string host = mail.from.substr(mail.from.find('@') + 1);
  header(out, "MIME-Version", "1.0");
  header(out, "Message-ID", "<" + mail.id + "@" + (is_plain_address("x@" + host) ? host : "gander.invalid") + ">");
  header(out, "Auto-Submitted", "auto-generated");
  if (mail.html.empty()) return append_part(out, "text/plain", mail.text);
  const std::string boundary = "=_gander_" + mail.id;  // "=_" is not quoted-printable
  header(out, "Content-Type", "multipart/alternative; boundary=\"" + boundary + "\"");
  out.append("\r\n--").append(boundary).append(kEnd);
  append_part(out, "text/plain", mail.text);
  out.append("\r\n--").append(boundary).append(kEnd);
  append_part(out, "text/html", mail.html);
  out.append("\r\n--").append(boundary).append("--\r\n");
}

void append_quoted(std::string& out, unsigned char c) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  out.push_back('=');
  out.push_back(kHex[c >> 4]);
  out.push_back(kHex[c & 15]);
}

void append_quoted_line(std::string& out, std::string_view text) {
  size_t column = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool blank = c == ' ' || c == '\t';
    bool quote = !blank && (c < 0x21 || c > 0x7E || c == '=');
    if (blank && i + 1 == text.size()) quote = true;
    const size_t width = quote || c == '.' || c == 'F' ? 3 : 1;
    // A blank before a soft break would be at a line's end.
    if (column + width > kLineColumns - 1) {
      out.append("=\r\n");
      column = 0;
    }
    if (column == 0 && (c == '.' || (c == 'F' && text.substr(i).starts_with("From ")))) quote = true;
    if (quote) {
      append_quoted(out, c);
    } else {
      out.push_back(text[i]);
    }
    column += quote ? 3 : 1;
  }
}

}  // namespace

bool is_plain_address(std::string_view address) {
  const size_t at = address.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == address.size() || address.size() > 254) return false;
  return std::all_of(address.begin(), address.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7F &&
           std::string_view("<>,;:\"\\()[]").find(c) == std::string_view::npos;
  });
}

std::string mail_date(base::Instant at, const base::TimeZone& zone) {
  constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const base::Civil c = zone.civil(at);
  const int64_t offset = c.offset < 0 ? -c.offset : c.offset;
  std::array<char, 64> text{};
  const int length = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d %c%02d%02d",
                                   kDays[static_cast<size_t>(c.weekday % 7)].data(), c.day,
                                   std::string(base::month_name(c.month)).c_str(), c.year, c.hour, c.minute, c.second,
                                   c.offset < 0 ? '-' : '+', static_cast<int>(offset / 3600 % 100),
                                   static_cast<int>(offset / 60 % 60));
  return {text.data(), static_cast<size_t>(length)};
}

std::string encoded_header(std::string_view text, size_t used) {
  // "=?" could be taken for the beginning of an encoded word.
  if (plain_ascii(text) && text.find("=?") == std::string_view::npos) return std::string(text);
  constexpr size_t kWord = 75 - 12;  // columns of a word without =?UTF-8?B?…?=
  std::string valid;
  base::append_valid_utf8(valid, text);
  std::string out;
  size_t room = (std::min(kWord, kWord > used ? kWord - used : 3)) / 4 * 3;
  for (size_t at = 0; at < valid.size();) {
    size_t end = at;
    while (end < valid.size()) {
      const size_t length = std::max<size_t>(1, base::utf8_at(valid, end).length);
      if (end != at && end + length - at > room) break;
      end += length;
    }
    if (!out.empty()) out.append("\r\n ");
    out.append("=?UTF-8?B?").append(base64(std::string_view(valid).substr(at, end - at))).append("?=");
    at = end;
    room = kWord / 4 * 3;
  }
  return out;
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (;;) {
    const size_t end = text.find("\r\n");
    append_quoted_line(out, text.substr(0, end));
    if (end == std::string_view::npos) return out;
    out.append(kEnd);
    text.remove_prefix(end + 2);
  }
}

std::string delay_mark(std::string_view id) {
  return "delay-" + std::string(id.substr(0, 32));
}

std::string render(const MailMessage& mail) {
  std::vector<std::string> to;
  std::copy_if(mail.to.begin(), mail.to.end(), std::back_inserter(to), is_plain_address);
  std::string out;
  append_headers(out, mail, to);
  const bool ascii =
      std::all_of(mail.text.begin(), mail.text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
  const bool ossec = mail.compat == model::Compat::Ossec43;
  if (mail.form == MailMessage::Form::Plain && (ossec || ascii)) {
    out.append(kEnd).append(mail.text);
  } else if (mail.form == MailMessage::Form::Plain) {
    MailMessage without = mail;
    without.html.clear();
    append_mime(out, without);
  } else {
    append_mime(out, mail);
  }
  return out;
}

}  // namespace gander::notify
