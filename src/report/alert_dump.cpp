#include "report/alert_dump.h"

#include <cstring>

namespace gander::report {
namespace {

using Length = uint64_t;

}  // namespace

void AlertDump::add(std::string_view text) {
  if (lost_ != 0 || (texts_.size() + text.size() > in_memory_ && !spill())) {
    ++lost_;
    return;
  }
  const Length length = text.size();
  texts_.append(reinterpret_cast<const char*>(&length), sizeof length).append(text);
}

// What is in memory goes to the end of the file.
bool AlertDump::spill() {
  if (!file_) file_.reset(std::tmpfile());
  if (!file_) return false;
  const bool good = std::fwrite(texts_.data(), 1, texts_.size(), file_.get()) == texts_.size();
  texts_.clear();
  return good && std::fflush(file_.get()) == 0;
}

void AlertDump::each(const std::function<void(std::string_view)>& take) const {
  Length length = 0;
  if (file_ && std::fseek(file_.get(), 0, SEEK_SET) == 0) {
    std::string text;
    while (std::fread(&length, sizeof length, 1, file_.get()) == 1) {
      text.resize(length);
      if (std::fread(text.data(), 1, text.size(), file_.get()) != text.size()) break;
      take(text);
    }
    std::fseek(file_.get(), 0, SEEK_END);
  }
  for (size_t at = 0; at < texts_.size(); at += length) {
    std::memcpy(&length, texts_.data() + at, sizeof length);
    at += sizeof length;
    take(std::string_view(texts_).substr(at, length));
  }
}

}  // namespace gander::report
