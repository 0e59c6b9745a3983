// MailMessage: the bytes of a mail: headers, and a body as plain text, or as text and HTML parts (MIME).
//
// No text from outside can end a header or the message: header texts hold no CR, LF or other control character, texts
// above 127 are encoded (RFC 2047), addresses are checked, parts are quoted-printable with a boundary that this
// encoding cannot give.
//
// Threads: functions of their arguments.
// Cost:    one pass.
// Fails:   cannot; addresses that cannot stand in a header are left out (is_plain_address() tells before).
// Source:  RFC 5322, 2045, 2047; the plain form as ossec-maild gives it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/compat.h"

namespace gander::notify {

struct MailMessage {
  enum class Form {
    Plain,  // headers of OSSEC and the text as it is
    Mime    // the same headers, the MIME ones behind them
  };
  // Where the second and later recipients stand.
  enum class Others { Cc, To, ManyTo };  // ManyTo: a To header each, as OSSEC's reports have

  Form form = Form::Mime;
  Others others = Others::Cc;
  model::Compat compat = model::Compat::Mended;
  std::string from;
  std::vector<std::string> to;
  std::string reply_to;
  std::string ids_name;
  std::string subject;
  std::string text;  // CR LF line ends
  std::string html;  // empty = no HTML part
  std::string id;    // hex digits; for Message-ID and boundary
  base::Instant date{};
  base::TimeZone zone = base::TimeZone::utc();
};

std::string render(const MailMessage& mail);

// Somebody@somewhere without blanks, control characters, angle brackets, commas, quotes; at most 254 bytes.
bool is_plain_address(std::string_view address);

// "Tue, 05 Mar 2024 10:00:00 +0000"
std::string mail_date(base::Instant at, const base::TimeZone& zone);
// The text as encoded words when it is not plain ASCII, folded; `used`: columns that the header's name takes.
std::string encoded_header(std::string_view text, size_t used);
// Quoted-printable of text with CR LF line ends; lines of at most 76 columns, none begins with a dot.
std::string quoted_printable(std::string_view text);

// Stands in both parts; the sender replaces it by words about the delay, or takes it out.
std::string delay_mark(std::string_view id);

}  // namespace gander::notify
