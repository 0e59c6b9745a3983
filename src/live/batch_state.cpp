#include "live/batch_state.h"

#include <utility>

#include "base/file.h"
#include "model/state_paths.h"

namespace gander::live {
namespace {

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace

BatchState::BatchState(std::string home, store::Batch& batch, std::function<void(const std::string&)> problem)
    : home_(std::move(home)), batch_(batch), problem_(std::move(problem)) {}

std::string BatchState::read(const std::string& name) {
  const std::string path = base::join(home_, name);
  if (!base::exists(path)) return {};
  Result<std::string> text = base::read_file(path);
  if (text) return std::move(*text);
  if (complained_.insert(path).second && problem_) problem_(text.error().message);
  return {};
}

std::optional<std::string> BatchState::last_output(std::string_view host, model::RuleId rule) {
  if (std::optional<std::string> known = outputs_.last_output(host, rule)) return known;
  const std::string name = model::last_output_path(host, rule);
  if (!base::exists(base::join(home_, name))) return std::nullopt;
  const std::string text = read(name);
  return text.substr(0, text.find('\0'));  // the file ends in one zero byte
}

void BatchState::set_last_output(std::string_view host, model::RuleId rule, std::string_view text) {
  outputs_.set_last_output(host, rule, text);
  batch_.replace(model::last_output_path(host, rule), std::string(text) + '\0');
}

std::vector<std::string> BatchState::lines_of(std::string_view name) {
  return split_lines(read(std::string(name)));
}

std::vector<std::string> BatchState::first_seen_lines() {
  return lines_of(model::kFirstSeenPath);
}
void BatchState::add_first_seen(std::string_view line) {
  batch_.append_to(model::kFirstSeenPath).append(line).push_back('\n');
}
std::vector<std::string> BatchState::ignore_lines() {
  return lines_of(model::kIgnorePath);
}
void BatchState::add_ignore(std::string_view line) {
  batch_.append_to(model::kIgnorePath).append(line).push_back('\n');
}

}  // namespace gander::live
