#include "config/expand_rules.h"

#include <dirent.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/file.h"
#include "config/home_path.h"
#include "text/pattern.h"

namespace gander::config {
namespace {

struct File {
  std::string name;
  SourcePos at;
};

std::vector<std::string> entries_of(const std::string& directory) {
  std::vector<std::string> out;
  const std::unique_ptr<DIR, int (*)(DIR*)> handle(::opendir(directory.c_str()), &::closedir);
  if (!handle) return out;
  while (const dirent* const entry = ::readdir(handle.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") out.push_back(name);
  }
  return out;
}

bool is_listed(const std::vector<File>& files, const std::string& name) {
  return std::any_of(files.begin(), files.end(), [&](const File& f) { return f.name == name; });
}

// Adds the files of one directory, in byte order, that match and are not listed yet.
void add_directory(const RuleSource& source, HomePath& home, std::vector<File>& files, Diagnostics& diagnostics) {
  if (source.matches_nothing) return;
  const auto pattern = text::Pattern::compile(text::Dialect::OsRegex, source.pattern, text::OnInvalidUtf8::SearchBytes);
  if (!pattern) {
    diagnostics.error("C011", "the pattern '" + source.pattern + "' does not compile: " + pattern.error().message,
                      source.at);
    return;
  }
  text::MatchContext context;
  std::vector<std::string> bare = entries_of(home.find(source.text, source.at));
  std::sort(bare.begin(), bare.end());
  for (const std::string& entry : bare) {
    const std::string name = source.text + "/" + entry;
    if (is_listed(files, name) || is_listed(files, entry)) continue;
    if (pattern->matches(text::Subject::of(name), context)) files.push_back({name, source.at});
  }
}

std::vector<File> expand(const std::vector<RuleSource>& sources, HomePath& home, Diagnostics& diagnostics) {
  std::vector<File> files;
  for (const RuleSource& source : sources) {
    if (source.kind == RuleSource::Kind::File) {
      files.push_back({source.text, source.at});
    } else {
      add_directory(source, home, files, diagnostics);
    }
  }
  return files;
}

bool has_slash(const std::string& name) {
  return name.find('/') != std::string::npos;
}

std::vector<DecoderSource> expand_decoders(const Config& config, HomePath& home, Diagnostics& diagnostics) {
  std::vector<DecoderSource> out;
  for (const File& f : expand(config.rules.decoders, home, diagnostics)) {
    out.push_back({f.name, home.find(f.name, f.at), false, false});
  }
  if (!out.empty()) return out;
  for (const char* const name : {"etc/decoder.xml", "etc/local_decoder.xml"}) {
    out.push_back({name, home.find(name, {config.file, 0, 0}), !out.empty(), true});
  }
  return out;
}

std::vector<ListSource> expand_lists(const Config& config, HomePath& home) {
  constexpr std::string_view kSuffix = ".cdb";
  std::vector<ListSource> out;
  for (const Located& list : config.rules.lists) {
    std::string name = has_slash(list.text) ? list.text : "rules/" + list.text;
    if (name.ends_with(kSuffix)) name.resize(name.size() - kSuffix.size());
    out.push_back({name, home.find(name + ".cdb", list.at), list.text});
  }
  return out;
}

}  // namespace

RulesetSources expand_rules(const Config& config, const std::string& home, model::Compat compat,
                            Diagnostics& diagnostics) {
  HomePath paths(home, compat, diagnostics);
  RulesetSources out;
  out.decoders = expand_decoders(config, paths, diagnostics);
  out.lists = expand_lists(config, paths);
  for (const File& f : expand(config.rules.rules, paths, diagnostics)) {
    const bool plain = !has_slash(f.name);
    out.rules.push_back(
        {f.name, paths.find(plain ? "rules/" + f.name : f.name, f.at), plain ? "rules//" + f.name : f.name});
  }
  return out;
}

}  // namespace gander::config
