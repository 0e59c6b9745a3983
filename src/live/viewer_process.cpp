#include "live/viewer_process.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "model/alert_record.h"

namespace gander::live {
namespace {

constexpr size_t kMostText = 200;

// What an attacker wrote must not reach the terminal as a command.
std::string shown(std::string_view text) {
  std::string out(text.substr(0, kMostText));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return out;
}

std::string_view colour_of(int level) {
  if (level >= 12) return "\x1b[1;31m";
  if (level >= 7) return "\x1b[31m";
  if (level >= 4) return "\x1b[33m";
  return "\x1b[36m";
}

void write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(STDOUT_FILENO, text.data(), text.size());
    if (n <= 0) return;
    text.remove_prefix(static_cast<size_t>(n));
  }
}

}  // namespace

ViewerProcess::ViewerProcess(HostSettings settings, Colours colours, base::Descriptor supervisor)
    : Process(Role::Viewer, std::move(settings), std::move(supervisor)), colours_(colours) {}

bool ViewerProcess::start() {
  // Without a name it holds nothing: what it has not shown is in the files.
  auto reader = store::SpoolReader::open(settings().home, "", store::SpoolReader::Start::Newest);
  if (!reader) {
    log(Severity::Error, reader.error().message);
    return false;
  }
  reader_.emplace(std::move(*reader));
  return true;
}

void ViewerProcess::add_descriptors(std::vector<pollfd>& wanted) {
  wanted.push_back(readable(reader_->descriptor()));
}

void ViewerProcess::show(const model::StoredAlert& a, std::string_view level, std::string& out) const {
  const base::Civil c = settings().zone.civil(a.time);
  fmt::format_to(std::back_inserter(out), "{:02}:{:02}:{:02} {} {:>6}  {}", c.hour, c.minute, c.second, level, a.rule,
                 shown(a.description.value_or("")));
  if (a.src_ip) fmt::format_to(std::back_inserter(out), "  from {}", shown(*a.src_ip));
  if (a.user) fmt::format_to(std::back_inserter(out), "  user {}", shown(*a.user));
  fmt::format_to(std::back_inserter(out), "  [{}]\n", shown(a.location));
}

std::optional<collect::Steady> ViewerProcess::step(collect::Moment) {
  reader_->drain();
  model::StoredAlert alert;
  std::string out;
  for (;;) {
    const auto record = reader_->next();
    if (!record || !*record) break;
    if (!model::read_record(**record, alert)) continue;
    const std::string number = fmt::format("{:>2}", alert.level);
    const bool plain = colours_ == Colours::No;
    show(alert, plain ? number : fmt::format("{}{}\x1b[0m", colour_of(alert.level), number), out);
  }
  write_all(out);
  return std::nullopt;
}

}  // namespace gander::live
