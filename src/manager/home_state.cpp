#include "manager/home_state.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "base/file.h"
#include "model/state_paths.h"

namespace gander::manager {
HomeState::HomeState(std::string home, std::function<void(const std::string&)> problem)
    : home_(std::move(home)), problem_(std::move(problem)) {}

std::string HomeState::entry_path(std::string_view host, model::RuleId rule) const {
  return base::join(home_, model::last_output_path(host, rule));
}

std::optional<std::string> HomeState::last_output(std::string_view host, model::RuleId rule) {
  if (std::optional<std::string> known = memory_.last_output(host, rule)) return known;
  const std::string path = entry_path(host, rule);
  if (!base::exists(path)) return std::nullopt;
  const Result<std::string> text = base::read_file(path);
  if (!text) {
    complain(path, text.error().message);
    return std::nullopt;
  }
  return text->substr(0, text->find('\0'));  // the file ends in one zero byte
}

void HomeState::set_last_output(std::string_view host, model::RuleId rule, std::string_view text) {
  memory_.set_last_output(host, rule, text);
  const std::string path = entry_path(host, rule);
  std::string content(text);
  content.push_back('\0');
  const Result<void> written = base::write_file_atomically(path, content);
  if (!written) complain(path, written.error().message);
}

std::vector<std::string> HomeState::lines_of(const std::string& name) const {
  std::vector<std::string> lines;
  std::ifstream in(base::join(home_, name), std::ios::binary);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void HomeState::append_line(const std::string& name, std::string_view line) {
  const std::string path = base::join(home_, name);
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  std::ofstream out(path, std::ios::binary | std::ios::app);
  out << line << '\n' << std::flush;
  if (!out) complain(path, "cannot append to '" + path + "': " + std::strerror(errno));
  ::chmod(path.c_str(), 0640);
}

std::vector<std::string> HomeState::first_seen_lines() {
  return lines_of(std::string(model::kFirstSeenPath));
}
void HomeState::add_first_seen(std::string_view line) {
  append_line(std::string(model::kFirstSeenPath), line);
}
std::vector<std::string> HomeState::ignore_lines() {
  return lines_of(std::string(model::kIgnorePath));
}
void HomeState::add_ignore(std::string_view line) {
  append_line(std::string(model::kIgnorePath), line);
}

void HomeState::complain(const std::string& path, const std::string& message) {
  if (complained_.insert(path).second && problem_) problem_(message);
}

}  // namespace gander::manager
