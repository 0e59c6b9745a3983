#include "manager/input_clock.h"

#include <charconv>

#include "base/file.h"

namespace gander::manager {
namespace {

Result<std::vector<base::Instant>> read_times(const std::string& path) {
  const Result<std::string> text = base::read_file(path);
  if (!text) return tl::unexpected(text.error());
  std::vector<base::Instant> times;
  int line_number = 0;
  for (size_t begin = 0; begin < text->size();) {
    size_t end = text->find('\n', begin);
    if (end == std::string::npos) end = text->size();
    ++line_number;
    const std::string_view line = std::string_view(*text).substr(begin, end - begin);
    begin = end + 1;
    int64_t seconds = 0;
    const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), seconds);
    if (error != std::errc() || stop != line.data() + line.size()) {
      return fail("C041", "'" + std::string(line) + "' is not a number of seconds since 1970", {path, line_number, 1});
    }
    times.push_back(base::from_unix(seconds));
  }
  if (times.empty()) return fail("C041", "no time in the clock file", {path});
  return times;
}

}  // namespace

base::Instant wall_now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

Result<InputClock> InputClock::parse(std::string_view text, const Options& options) {
  if (text == "wall") return InputClock(Kind::Wall, options);
  if (text == "event") return InputClock(Kind::Event, options);
  InputClock clock(Kind::Given, options);
  if (!text.empty() && text.front() == '@') {
    Result<std::vector<base::Instant>> times = read_times(std::string(text.substr(1)));
    if (!times) return tl::unexpected(times.error());
    clock.given_ = std::move(*times);
    return clock;
  }
  const Result<base::Instant> at = base::parse_instant(text, options.zone);
  if (!at) {
    return fail("C042", "'" + std::string(text) +
                            "' is not a clock: wall, event, @FILE or a time such as 2026-01-15T12:00:00Z");
  }
  clock.given_.push_back(*at);
  return clock;
}

void InputClock::begin_input(std::optional<base::Instant> changed) {
  if (kind_ != Kind::Event) return;
  without_time_ = without_time();
  backward_steps_ = backward_steps();
  decode::TimestampOptions options;
  options.zone = options_.zone;
  options.reference = changed.value_or(wall_now());
  options.year = options_.year;
  reader_.emplace(options);
}

base::Instant InputClock::at(uint64_t number, std::string_view line) {
  switch (kind_) {
    case Kind::Wall:
      return wall_now();
    case Kind::Event:
      if (!reader_) begin_input(std::nullopt);
      return reader_->read(line);
    case Kind::Given:
      break;
  }
  return given_[number == 0 ? 0 : std::min<size_t>(number, given_.size()) - 1];
}

base::Instant InputClock::start() const {
  return kind_ == Kind::Given ? given_.front() : wall_now();
}

uint64_t InputClock::without_time() const {
  return without_time_ + (reader_ ? reader_->without_time() : 0);
}

uint64_t InputClock::backward_steps() const {
  return backward_steps_ + (reader_ ? reader_->backward_steps() : 0);
}

}  // namespace gander::manager
