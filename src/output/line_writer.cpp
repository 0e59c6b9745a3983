#include "output/line_writer.h"

#include <limits>

#include <fmt/format.h>

#include "base/utf8.h"
#include "output/alert_parts.h"

namespace gander::output {
namespace {

using model::Field;

constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kPlain = "\x1b[0m";

std::string_view style_of_level(int level) {
  if (level >= 12) return "\x1b[1;37;41m";
  if (level >= 10) return "\x1b[1;31m";
  if (level >= 7) return "\x1b[33m";
  if (level >= 4) return "\x1b[36m";
  return kDim;
}

// Columns of a character: East Asian wide ones and pictographs take two. Combining marks count as one, so that a heap
// of them has an end.
size_t columns_of(char32_t c) {
  if (c < 0x1100) return 1;
  const bool wide = c <= 0x115F || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
                    (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                    (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
  return wide ? 2 : 1;
}

// The bytes of `text` (valid UTF-8) that fit into `columns`; takes what they use from it.
std::string_view fitting(std::string_view text, size_t& columns) {
  size_t at = 0;
  while (at < text.size()) {
    const base::Utf8Char c = base::utf8_at(text, at);
    const size_t wanted = columns_of(c.code);
    if (wanted > columns) break;
    columns -= wanted;
    at += c.length;
  }
  return text.substr(0, at);
}

}  // namespace

LineWriter::LineWriter(base::TimeZone zone, Colour colour, size_t width)
    : time_(std::move(zone)), colour_(colour), width_(width) {}

void LineWriter::add(std::string& out, std::string_view style, std::string_view text) {
  if (cut_ || text.empty()) return;
  shown_.clear();
  const size_t most_bytes = left_ < text.size() ? left_ * 4 + 4 : text.size();
  base::append_printable(shown_, text.substr(0, most_bytes));
  const std::string_view fits = fitting(shown_, left_);
  const bool styled = colour_ == Colour::On && !style.empty() && !fits.empty();
  if (styled) out.append(style);
  out.append(fits);
  if (styled) out.append(kPlain);
  if (fits.size() == shown_.size()) return;
  out.append("…");
  cut_ = true;
}

void LineWriter::alert(std::string& out, const model::Alert& a) {
  const model::Event& e = *a.event;
  // One column is kept for the sign that something was cut off.
  cut_ = false;
  left_ = width_ == 0 ? std::numeric_limits<size_t>::max() : width_ - 1;
  const std::string_view iso = time_.iso(e.time);
  add(out, kDim, iso.substr(0, 10));
  add(out, {}, fmt::format(" {} ", iso.substr(11, 8)));
  add(out, style_of_level(a.rule->level), fmt::format("{:>2}", a.rule->level));
  add(out, kDim, fmt::format(" {:>6} ", a.rule->id));
  add(out, kBold, description_or(*a.rule, "(no description)"));
  part_.clear();
  if (!e.field(Field::SrcIp).empty()) part_.append("  from ").append(e.field(Field::SrcIp));
  const std::string_view user = e.field(Field::DstUser).empty() ? e.field(Field::SrcUser) : e.field(Field::DstUser);
  if (!user.empty()) part_.append("  user ").append(user);
  if (e.actor) part_.append("  by ").append(e.actor->shown());
  add(out, {}, part_);
  part_.assign("  on ").append(agent_parts(e).name).append("  ");
  add(out, {}, part_);
  add(out, kDim, e.log.empty() ? e.full_log : e.log);
  out.push_back('\n');
}

}  // namespace gander::output
