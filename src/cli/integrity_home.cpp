#include "cli/integrity_home.h"

#include <cstdio>
#include <filesystem>
#include <iostream>

#include "base/file.h"
#include "base/utf8.h"
#include "cli/session.h"
#include "integrity/change_text.h"
#include "integrity/thread_pool.h"

namespace gander::cli {

std::optional<IntegrityHome> open_integrity_home(const IntegrityArguments& arguments) {
  const Result<Layout> layout = find_layout(arguments);
  if (!layout) {
    std::cerr << "gander: " << layout.error().message << "\n";
    return std::nullopt;
  }
  Diagnostics findings;
  config::Config config =
      config::load_config(layout->config, {arguments.compat, config::Scope::Everything, "ossec-syscheckd"}, findings);
  if (show_findings(findings, Findings::Errors) != 0) return std::nullopt;
  IntegrityHome home;
  home.settings = std::move(config.syscheck);
  Diagnostics patterns;
  home.sensitive = integrity::SensitiveFiles::make(config.sensitive, patterns);
  if (show_findings(patterns, Findings::Errors) != 0) return std::nullopt;
  home.queue = base::join(layout->state, "queue");
  home.state = layout->state;
  return home;
}

integrity::WatchPlan make_plan(const IntegrityHome& home, model::Compat compat) {
  Diagnostics findings;
  integrity::WatchPlan plan = integrity::WatchPlan::make(home.settings, compat, findings);
  show_findings(findings, Findings::All);
  return plan;
}

std::string shown_bytes(uint64_t bytes) {
  constexpr const char* kUnits[] = {" B", " KB", " MB", " GB", " TB"};
  size_t unit = 0;
  auto value = static_cast<double>(bytes);
  while (value >= 1000 && unit + 1 < std::size(kUnits)) {
    value /= 1000;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f%s" : "%.2f%s", value, kUnits[unit]);
  return text;
}

std::string shown_lines(std::string_view text) {
  std::string out;
  for (;;) {
    const size_t end = text.find('\n');
    base::append_printable(out, text.substr(0, end));
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

base::Instant wall_clock() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

Result<void> Printer::deliver(std::span<const integrity::Change> changes) {
  std::string out;
  for (const integrity::Change& change : changes) {
    if (arguments_.messages) {
      const char end = arguments_.nul ? '\0' : '\n';
      out += integrity::kFilesPrefix;
      out += integrity::message_body(change, arguments_.compat, origin_);
      out += end;
      for (const std::string& line : change.sensitive) out += integrity::sensitive_message(line) + end;
    } else if (arguments_.json) {
      out += integrity::change_json(change, wall_clock()) + "\n";
    } else {
      // Of a file that is merely seen first, only what it holds is told.
      std::string text;
      if (change.kind != integrity::ChangeKind::Baseline) text = integrity::event_text(change);
      if (!text.empty() && !text.ends_with('\n')) text += '\n';
      for (const std::string& line : change.sensitive) text += line + "\n";
      if (change.actor) text += "Changed by " + change.actor->shown() + "\n";
      out += shown_lines(text);
    }
  }
  std::cout << out << std::flush;
  if (!std::cout) return fail("A002", "the output cannot be written");
  return {};
}

integrity::ContentSource* Prefilters::of(size_t worker) {
  while (filters_.size() <= worker) filters_.push_back(std::make_unique<integrity::Prefilter>(command_));
  return filters_[worker].get();
}

void Prefilters::tell() const {
  for (const auto& filter : filters_) {
    if (filter->note().empty()) continue;
    std::cerr << "gander: " << filter->note() << "; the files themselves were hashed\n";
    return;
  }
}

Result<integrity::Baseline> open_for_writing(const IntegrityHome& home) {
  std::error_code ignored;
  std::filesystem::create_directories(home.queue, ignored);
  std::vector<std::string> notes;
  Result<integrity::Baseline> baseline = integrity::Baseline::open_fresh(home.queue, notes);
  for (const std::string& note : notes) std::cerr << "gander: " << note << "\n";
  return baseline;
}

int refuse(const Error& error) {
  std::cerr << "gander: " << base::printable(error.message) << "\n";
  return error.code == "A001" ? 0 : 2;
}

size_t threads_of(const IntegrityArguments& arguments) {
  return arguments.threads > 0 ? static_cast<size_t>(arguments.threads) : integrity::ThreadPool::allowed_processors();
}

integrity::ScanOptions scan_options(const IntegrityArguments& arguments, const IntegrityHome& home,
                                    integrity::ContentStore& contents, Prefilters& prefilters) {
  integrity::ScanOptions options;
  options.content = arguments.force ? integrity::Content::Always : integrity::Content::WhenMetadataDiffer;
  options.baseline_files =
      arguments.messages ? integrity::ScanOptions::FirstSight::Tell : integrity::ScanOptions::FirstSight::Keep;
  options.now = wall_clock;
  options.contents = &contents;
  options.sensitive = home.sensitive.get();
  if (!home.settings.prefilter_cmd.empty()) {
    options.source = [&prefilters](size_t worker) { return prefilters.of(worker); };
  }
  return options;
}

}  // namespace gander::cli
