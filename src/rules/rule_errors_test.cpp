// Every diagnostic of rule files has a pair tests/golden/rule-errors/NNN-name.xml and .expected, which shows it under
// both compatibilities with OSSEC's own lines. UPDATE_GOLDEN=1 writes the expected files again.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "rules/rule_reference.h"
#include "rules/testing/loaded_rules.h"

namespace gander::rules {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(GANDER_SOURCE_DIR) / "tests" / "golden" / "rule-errors";

std::vector<fs::path> cases() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".xml") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string without_folder(std::string text) {
  const std::string folder = kFolder.string() + "/";
  for (size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, at)) {
    text.erase(at, folder.size());
  }
  return text;
}

std::string read_as(const fs::path& path, model::Compat compat) {
  const std::string name = path.filename().string();
  RuleLoaderOptions options = testing::options_for(compat);
  ListCatalogue lists;
  Diagnostics diagnostics;
  lists.declare("rules/blocked", (kFolder / "blocked.cdb").string(), diagnostics);
  lists.declare("rules/gone", (kFolder / "gone.cdb").string(), diagnostics);
  lists.declare("rules/damaged", (kFolder / "damaged.cdb").string(), diagnostics);
  if (name.find("-lists-") == std::string::npos) diagnostics = {};
  options.lists = &lists;
  std::vector<RuleFile> files;
  const bool alone = name.find("-alone-") != std::string::npos;
  if (!alone) files.push_back({"roots.xml", (kFolder / "roots" / "roots.xml").string(), "rules//roots.xml"});
  files.push_back({name, path.string(), "rules//" + name});
  load_rules(files, options, diagnostics);
  std::string out;
  for (const Diagnostic& d : diagnostics.entries()) {
    out += render(d, Colour::Off);
    for (const std::string& line : d.ossec_lines) out += "  ossec: " + line.substr(0, 200) + "\n";
  }
  return without_folder(out);
}

std::string both_readings(const fs::path& path) {
  const std::string mended = read_as(path, model::Compat::Mended);
  const std::string exact = read_as(path, model::Compat::Ossec43);
  return exact == mended ? mended : mended + "-- as OSSEC 4.3\n" + exact;
}

TEST(RuleErrors, EveryCaseSaysWhatIsRecorded) {
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  for (const fs::path& path : cases()) {
    SCOPED_TRACE(path.filename().string());
    fs::path expected = path;
    expected.replace_extension(".expected");
    const std::string now = both_readings(path);
    if (update) {
      ASSERT_TRUE(base::write_file_atomically(expected.string(), now).has_value());
      continue;
    }
    const auto before = base::read_file(expected.string());
    ASSERT_TRUE(before.has_value()) << before.error().message;
    EXPECT_EQ(now, *before);
  }
}

TEST(RuleErrors, EveryCodeHasACase) {
  std::string all;
  for (const fs::path& path : cases()) all += both_readings(path);
  for (const config::CodeMeaning& c : rule_codes()) {
    EXPECT_NE(all.find("[" + std::string(c.code) + "]"), std::string::npos) << c.code;
  }
}

}  // namespace
}  // namespace gander::rules
