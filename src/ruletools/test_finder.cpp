#include "ruletools/test_finder.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/file.h"

namespace gander::ruletools {
namespace {

namespace fs = std::filesystem;

class Finder {
 public:
  Finder(model::Compat compat, Diagnostics& diagnostics) : compat_(compat), diagnostics_(diagnostics) {
    packs_.emplace_back();
  }

  void path(const std::string& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return folder(path, 0);
    if (!base::exists(path)) {
      diagnostics_.error("K004", "there is no file or folder '" + path + "'", {path, 0, 0});
    } else if (!file(path, pack_above(path))) {
      diagnostics_.error("K004", "'" + path + "' is no file of tests", {path, 0, 0},
                         "NAME.ini, NAME.tsv, or a folder with such files or input.log");
    }
  }

  std::vector<TestPack> packs() && { return std::move(packs_); }

 private:
  bool file(const std::string& path, size_t pack) {
    if (path.ends_with(".ini")) {
      packs_[pack].files.push_back(read_ini_tests(path, compat_, diagnostics_));
    } else if (path.ends_with(".tsv")) {
      packs_[pack].files.push_back(read_field_tests(path, diagnostics_));
    } else {
      return false;
    }
    return true;
  }

  // A file named by itself is run as its folder would run it.
  size_t pack_above(const std::string& path) { return pack_of(fs::path(path).parent_path().string(), 0); }

  size_t pack_of(const std::string& folder, size_t outer) {
    const std::string decoders = base::join(folder, "decoders.xml");
    const std::string rules = base::join(folder, "rules.xml");
    const bool has_decoders = base::exists(decoders);
    const bool has_rules = base::exists(rules);
    if (!has_decoders && !has_rules) return outer;
    for (size_t i = 0; i < packs_.size(); ++i) {
      if (packs_[i].folder == folder) return i;
    }
    TestPack& pack = packs_.emplace_back();
    pack.folder = folder;
    if (has_decoders) pack.decoders = decoders;
    if (has_rules) pack.rules = rules;
    return packs_.size() - 1;
  }

  void folder(const std::string& path, size_t outer) {
    size_t pack = pack_of(path, outer);
    if (pack == 0 && outer == 0) pack = pack_above(path);
    if (base::exists(base::join(path, "input.log"))) {
      packs_[pack].files.push_back(read_sequence_test(path, compat_, diagnostics_));
      return;
    }
    std::vector<std::string> files;
    std::vector<std::string> folders;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(path, ignored)) {
      if (entry.is_directory(ignored))
        folders.push_back(entry.path().string());
      else
        files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    std::sort(folders.begin(), folders.end());
    for (const std::string& name : files) {
      if (fs::path(name).filename() == "no_line.txt")
        excuses(name, packs_[pack]);
      else
        file(name, pack);
    }
    for (const std::string& name : folders) {
      const std::string last = fs::path(name).filename().string();
      if (last.starts_with('.') || (last == "mended" && compat_ == model::Compat::Ossec43)) continue;
      folder(name, pack);
    }
  }

  void excuses(const std::string& path, TestPack& pack) {
    const Result<std::string> text = base::read_file(path);
    if (!text) return diagnostics_.error(text.error().code, text.error().message, {path, 0, 0});
    std::string_view rest = *text;
    for (int number = 1; !rest.empty(); ++number) {
      const size_t end = rest.find('\n');
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      if (line.empty() || line.starts_with('#')) continue;
      int id = 0;
      const auto [after, error] = std::from_chars(line.data(), line.data() + line.size(), id);
      const std::string_view reason(after, static_cast<size_t>(line.data() + line.size() - after));
      if (error != std::errc() || !reason.starts_with(' ')) {
        diagnostics_.error("K005", "not a rule id and a reason: '" + std::string(line) + "'", {path, number, 1});
        continue;
      }
      pack.excused[id] = {std::string(reason.substr(1)), {path, number, 1}};
    }
  }

  model::Compat compat_;
  Diagnostics& diagnostics_;
  std::vector<TestPack> packs_;
};

}  // namespace

std::vector<TestPack> find_tests(const std::vector<std::string>& paths, model::Compat compat,
                                 Diagnostics& diagnostics) {
  Finder finder(compat, diagnostics);
  for (const std::string& path : paths) finder.path(path);
  return std::move(finder).packs();
}

}  // namespace gander::ruletools
