#include "collect/command_output.h"

#include <algorithm>
#include <utility>

namespace gander::collect {

using model::Compat;

namespace {
constexpr size_t kOssecPrefix = 255;
constexpr size_t kOssecOutput = 5632;
}  // namespace

std::string command_name(std::string_view alias, std::string_view command) {
  std::string name(alias.empty() ? command : alias);
  std::replace(name.begin(), name.end(), ':', '\\');
  return name;
}

CommandOutput::CommandOutput(Kind kind, std::string name, Compat compat, size_t longest)
    : kind_(kind),
      compat_(compat),
      longest_(compat == Compat::Ossec43 ? kOssecOutput : longest),
      prefix_("ossec: output: '" + std::move(name) + "':" + (kind == Kind::Lines ? " " : "\n")) {
  if (compat_ == Compat::Ossec43 && prefix_.size() > kOssecPrefix) prefix_.resize(kOssecPrefix);
}

void CommandOutput::add(std::string_view bytes, CutList& out) {
  bytes_ += bytes.size();
  if (kind_ == Kind::Full) return keep(bytes);
  while (!bytes.empty()) {
    const size_t lf = bytes.find('\n');
    if (lf == std::string_view::npos) return keep(bytes);
    if (kept_.empty() && !cut_ && lf <= longest_) {
      send_line(bytes.substr(0, lf), out);
    } else {
      keep(bytes.substr(0, lf));
      send_line(kept_, out);
    }
    bytes.remove_prefix(lf + 1);
  }
}

void CommandOutput::keep(std::string_view bytes) {
  const size_t room = longest_ - std::min(longest_, kept_.size());
  if (bytes.size() > room) cut_ = true;
  kept_.append(bytes.substr(0, room));
}

void CommandOutput::send_line(std::string_view line, CutList& out) {
  text_.assign(prefix_).append(line);
  std::replace(text_.begin(), text_.end(), '\0', ' ');
  out.add_copy(text_, lines_++);
  if (cut_) ++out.truncated;
  kept_.clear();
  cut_ = false;
}

void CommandOutput::end(Ended how, CutList& out) {
  if (kind_ == Kind::Lines) {
    if (!kept_.empty()) send_line(kept_, out);
    return;
  }
  if (how == Ended::Killed || bytes_ == 0) {
    kept_.clear();
    return;
  }
  std::string body;
  for (const char c : kept_) {
    if (c != '\r') body.push_back(c == '\0' ? ' ' : c);
  }
  const size_t last = body.rfind('\n');
  // What has no line end is lost in OSSEC 4.3, and with it the line end before.
  if (compat_ == Compat::Ossec43) {
    body.resize(last == std::string::npos ? 0 : last);
  } else if (body.ends_with('\n')) {
    body.pop_back();
  }
  text_.assign(prefix_);
  for (size_t i = 0; i < body.size(); ++i) {
    text_.push_back(body[i]);
    if (body[i] == '\n' && i + 1 < body.size() && body[i + 1] == '\n') ++i;
  }
  ++lines_;
  out.add_copy(text_, 0);
  if (cut_) ++out.truncated;
  kept_.clear();
}

}  // namespace gander::collect
