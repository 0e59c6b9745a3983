#include "sensitive/detector.h"

#include <algorithm>

#include "sensitive/chars.h"
#include "sensitive/check.h"
#include "sensitive/prefilter.h"

namespace gander::sensitive {
namespace {

constexpr uint8_t kTokens = kTokenA | kTokenB | kTokenC;

// Looks at one candidate; `next` is where the search goes on.
std::optional<Hit> look(std::string_view text, size_t at, uint8_t buckets, KindSet kinds, size_t& next,
                        uint64_t& near_misses) {
  next = at + 1;
  if ((buckets & kTokens) != 0 && kinds.has(Kind::Token)) {
    if (auto hit = look_at_token(text, at)) return hit;
  }
  if ((buckets & kIbanStart) != 0 && kinds.has(Kind::Iban)) {
    if (auto hit = look_at_iban(text, at)) return hit;
  }
  if ((buckets & kMarks) != 0) {
    if (text[at] == ':' && kinds.has(Kind::Password)) {
      if (auto hit = look_at_url(text, at)) return hit;
    } else if (text[at] == 's' && kinds.has(Kind::Token)) {
      if (auto hit = look_at_token(text, at)) return hit;
    } else if (kinds.has(Kind::Key)) {
      if (auto hit = look_at_key(text, at)) return hit;
    }
  }
  if ((buckets & (kPasswordName | kSecretName)) != 0 && (kinds.has(Kind::Password) || kinds.has(Kind::Token))) {
    const Look name = look_at_name(text, at, kinds);
    // Between a name and what it names a token of its own may stand, so only a hit moves the search.
    if (name.hit) return name.hit;
  }
  if ((buckets & kDigitRun) != 0 && (kinds.has(Kind::Card) || kinds.has(Kind::Ssn))) {
    const Look digits = look_at_digits(text, at, kinds);
    next = std::max(next, digits.next);
    if (digits.near_miss) ++near_misses;
    // What begins inside the run may be an Azure secret (…dQ~), which starts at the run's last digit.
    if (!digits.hit && digits.next > at + 1) next = digits.next - 1;
    return digits.hit;
  }
  return std::nullopt;
}

std::string masked_form(std::string_view text, const Hit& hit) {
  const std::string_view found = text.substr(hit.begin, hit.end - hit.begin);
  switch (hit.kind) {
    case Kind::Card:
    case Kind::Iban:
    case Kind::Ssn: {
      std::string letters;
      for (const char c : found) {
        if (is_alnum(c)) letters += c;
      }
      std::string out = letters;
      const size_t last = letters.size() - hit.shown_back;
      for (size_t i = hit.shown_front; i < last; ++i) out[i] = '*';
      return out;
    }
    case Kind::Token:
      return std::string(found.substr(0, hit.shown_front)) + "****";
    case Kind::Key:
    case Kind::Password:
      break;
  }
  return "****";
}

// Calls `found` with each hit, in order; stops when it says so.
template <class Found>
void walk(std::string_view text, KindSet kinds, Pace pace, uint64_t& near_misses, Found&& found) {
  Candidates candidates(text, pace);
  size_t done = 0;  // no hit may begin before the end of the last one
  for (size_t at = 0; at < text.size();) {
    uint8_t buckets = 0;
    at = candidates.next(at, buckets);
    if (at >= text.size()) return;
    size_t next = at + 1;
    const std::optional<Hit> hit = look(text, at, buckets, kinds, next, near_misses);
    if (hit && hit->begin >= done) {
      if (!found(*hit)) return;
      done = hit->end;
      next = std::max(next, hit->end);
    }
    at = next;
  }
}

std::vector<Finding> scan_with(std::string_view text, KindSet kinds, Pace pace, uint64_t& near_misses) {
  std::vector<Finding> findings;
  size_t counted = 0;
  uint64_t line = 1;
  walk(text, kinds, pace, near_misses, [&](const Hit& hit) {
    line += static_cast<uint64_t>(std::count(text.begin() + static_cast<ptrdiff_t>(counted),
                                             text.begin() + static_cast<ptrdiff_t>(hit.begin), '\n'));
    counted = hit.begin;
    findings.push_back({hit.kind, hit.what, hit.begin, hit.end - hit.begin, line, hit.bare, masked_form(text, hit)});
    return true;
  });
  return findings;
}

}  // namespace

std::vector<Finding> Detector::scan(std::string_view text) const {
  uint64_t near_misses = 0;
  return scan_with(text, kinds_, Pace::Fast, near_misses);
}

std::vector<Finding> Detector::scan(std::string_view text, uint64_t& near_misses) const {
  return scan_with(text, kinds_, Pace::Fast, near_misses);
}

std::vector<Finding> Detector::scan_slow(std::string_view text) const {
  uint64_t near_misses = 0;
  return scan_with(text, kinds_, Pace::Plain, near_misses);
}

bool Detector::any(std::string_view text) const noexcept {
  bool is_there = false;
  uint64_t near_misses = 0;
  walk(text, kinds_, Pace::Fast, near_misses, [&](const Hit&) {
    is_there = true;
    return false;
  });
  return is_there;
}

std::string masked_text(std::string_view text, const std::vector<Finding>& findings) {
  std::string out;
  out.reserve(text.size());
  size_t at = 0;
  for (const Finding& f : findings) {
    out += text.substr(at, f.offset - at);
    out += f.masked;
    at = f.offset + f.length;
  }
  out += text.substr(at);
  return out;
}

std::string masked_text(std::string_view text, const Detector& detector) {
  return masked_text(text, detector.scan(text));
}

}  // namespace gander::sensitive
