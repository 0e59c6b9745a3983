// `gander rules new`: decoders, rules and tests from sample lines, in a folder that `gander rules test` takes.

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iostream>

#include "base/file.h"
#include "cli/rules_parts.h"
#include "collect/feed_file.h"
#include "ruletools/scaffold.h"

namespace gander::cli {
namespace {

namespace fs = std::filesystem;

Result<std::vector<std::string>> sample_lines(const std::string& file) {
  constexpr size_t kMostBytes = size_t{1} << 20;
  std::string text;
  const Result<void> read = collect::feed_file(file.empty() ? "-" : file, [&](std::string_view bytes) {
    if (text.size() < kMostBytes) text.append(bytes);
  });
  if (!read) return tl::unexpected(read.error());
  std::vector<std::string> lines;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool blank = line.find_first_not_of(" \t") == std::string_view::npos;
    if (!blank && std::find(lines.begin(), lines.end(), line) == lines.end()) lines.emplace_back(line);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return lines;
}

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_';
  });
}

// The files of a folder that is removed again unless it is kept.
class NewFolder {
 public:
  explicit NewFolder(std::string path) : path_(std::move(path)) {}
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;
  ~NewFolder() {
    std::error_code ignored;
    if (!kept_) fs::remove_all(path_, ignored);
  }

  Result<void> make() {
    std::error_code error;
    fs::create_directories(fs::path(path_).parent_path().empty() ? fs::path(".") : fs::path(path_).parent_path(),
                           error);
    if (fs::create_directory(path_, error)) return {};
    kept_ = true;  // it is not ours
    return fail("K013", error ? "'" + path_ + "' cannot be made: " + error.message()
                              : "'" + path_ + "' is there already; name another folder with --to");
  }
  Result<std::string> write(const std::string& name, const std::string& text) {
    if (text.empty()) return std::string();
    const std::string path = base::join(path_, name);
    const Result<void> done = base::write_file_atomically(path, text);
    if (!done) return tl::unexpected(done.error());
    names_.push_back(path);
    return path;
  }
  void keep() { kept_ = true; }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::string path_;
  bool kept_ = false;
  std::vector<std::string> names_;
};

Result<void> fill(NewFolder& folder, const Session& session, const ruletools::ScaffoldOrder& order) {
  const Result<ruletools::Scaffold> made = ruletools::make_scaffold(order, session.ruleset, session.engine_options);
  if (!made) return tl::unexpected(made.error());
  if (const Result<void> there = folder.make(); !there) return there;
  const Result<std::string> decoders = folder.write("decoders.xml", made->decoders);
  if (!decoders) return tl::unexpected(decoders.error());
  const Result<std::string> rules = folder.write("rules.xml", made->rules);
  if (!rules) return tl::unexpected(rules.error());
  const auto finished = with_files(session, *decoders, *rules);
  if (!finished) return fail("K012", "the files made from these lines do not load");
  const auto tests = ruletools::scaffold_tests(order, *made, finished, session.engine_options);
  if (!tests) return tl::unexpected(tests.error());
  for (const auto& [name, text] :
       {std::pair(order.name + ".ini", tests->ini), std::pair(order.name + ".tsv", tests->tsv)}) {
    if (const Result<std::string> done = folder.write(name, text); !done) return tl::unexpected(done.error());
  }
  folder.keep();
  return {};
}

}  // namespace

int rules_new(const RulesArguments& arguments) {
  if (!is_name(arguments.name)) {
    return refuse_rules({"K013", "'" + arguments.name + "' is no name for rules: letters, digits, - and _", {}});
  }
  const std::optional<Session> session = open_rules(arguments, "UTC");
  if (!session) return 2;
  const Result<std::vector<std::string>> lines = sample_lines(arguments.file);
  if (!lines) return refuse_rules(lines.error());
  ruletools::ScaffoldOrder order;
  order.name = arguments.name;
  order.lines = *lines;
  order.first_id = arguments.first_id;
  const std::string path = arguments.folder.empty() ? arguments.name : arguments.folder;
  NewFolder folder(path);
  if (const Result<void> done = fill(folder, *session, order); !done) return refuse_rules(done.error());
  for (const std::string& name : folder.names()) fmt::print("{}\n", name);
  fmt::print("try them: gander rules test {}\n", path);
  return 0;
}

}  // namespace gander::cli
