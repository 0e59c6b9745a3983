#include "decode/beginning_table.h"

namespace gander::decode {

void BeginningTable::add(const std::vector<Beginning>& beginnings) {
  for (const Beginning& beginning : beginnings) {
    beginnings_.push_back(beginning);
    pattern_of_.push_back(count_);
  }
  if (beginnings.empty()) {
    beginnings_.emplace_back();
    pattern_of_.push_back(count_);
  }
  ++count_;
}

void BeginningTable::finish() {
  words_ = beginnings_.size() / 64 + 1;
  rows_.assign(kBeginningSize * kBytes * words_, 0);
  for (size_t b = 0; b < beginnings_.size(); ++b) {
    const Beginning& beginning = beginnings_[b];
    for (size_t place = 0; place < kBeginningSize; ++place) {
      const bool known = place < beginning.size();
      for (size_t byte = 0; byte < kBytes; ++byte) {
        if (known && (byte == kEnd || !beginning[place][byte])) continue;
        rows_[(place * kBytes + byte) * words_ + b / 64] |= Row{1} << (b % 64);
      }
    }
  }
  beginnings_.clear();
}

}  // namespace gander::decode
