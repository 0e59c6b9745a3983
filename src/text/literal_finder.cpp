#include "text/literal_finder.h"

#include <cstring>

#include "text/literal_form.h"

namespace gander::text {
namespace {

// The next place of one byte, remembered, so that a text is not searched twice for it.
class NextByte {
 public:
  NextByte(std::string_view text, char byte) noexcept : text_(text), byte_(byte) { advance(0); }

  void advance(size_t from) noexcept {
    if (at_ != LiteralFinder::npos && at_ >= from && searched_) return;
    searched_ = true;
    const void* const p = from < text_.size() ? std::memchr(text_.data() + from, byte_, text_.size() - from) : nullptr;
    at_ = p ? static_cast<size_t>(static_cast<const char*>(p) - text_.data()) : LiteralFinder::npos;
  }
  size_t at() const noexcept { return at_; }

 private:
  std::string_view text_;
  char byte_;
  bool searched_ = false;
  size_t at_ = 0;
};

}  // namespace

// Letters may stand in both cases, which costs a second search.
int LiteralFinder::commonness(char lower) {
  constexpr std::string_view kByFrequency = "q{}~`^|\\@$&;?!#%<>*+\"'zjxvkwybgfmuhpcdlnrsiaote=_(),/[]-.:9876543210 ";
  const size_t at = kByFrequency.find(lower);
  if (at == std::string_view::npos) return -1;
  return static_cast<int>(at) + (lower >= 'a' && lower <= 'z' ? 8 : 0);
}

LiteralFinder::LiteralFinder(std::string_view literal) {
  for (const char c : literal) lower_.push_back(ascii_lower(c));
  int best = 0;
  for (size_t i = 0; i < lower_.size(); ++i) {
    const int common = commonness(lower_[i]);
    if (i == 0 || common < best) {
      best = common;
      rare_ = i;
    }
  }
  if (lower_.empty()) return;
  rare_lower_ = lower_[rare_];
  rare_upper_ = rare_lower_ >= 'a' && rare_lower_ <= 'z' ? static_cast<char>(rare_lower_ - 32) : rare_lower_;
}

size_t LiteralFinder::find(std::string_view text) const noexcept {
  const size_t size = lower_.size();
  if (size == 0) return 0;
  if (text.size() < size) return npos;
  // Only places of the rare byte at which the whole literal fits.
  const std::string_view places = text.substr(rare_, text.size() - size + 1);
  NextByte lower(places, rare_lower_);
  NextByte upper(rare_upper_ == rare_lower_ ? std::string_view() : places, rare_upper_);
  for (;;) {
    const size_t at = lower.at() < upper.at() ? lower.at() : upper.at();
    if (at == npos) return npos;
    if (equal_caseless(text.substr(at, size), lower_)) return at;
    if (lower.at() != npos) lower.advance(at + 1);
    if (upper.at() != npos) upper.advance(at + 1);
  }
}

}  // namespace gander::text
