// Every diagnostic of configuration files has a pair tests/golden/config-errors/NNN.conf and NNN.expected.
// UPDATE_GOLDEN=1 writes the expected files again.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "config/agent_config.h"
#include "config/codes.h"
#include "config/config.h"
#include "config/expand_rules.h"
#include "config/internal_options.h"

namespace gander::config {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(GANDER_SOURCE_DIR) / "tests" / "golden" / "config-errors";

std::vector<fs::path> cases() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".conf") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string without_folder(std::string text) {
  const std::string folder = kFolder.string() + "/";
  for (size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, at))
    text.erase(at, folder.size());
  return text;
}

std::string shown(const Diagnostics& diagnostics) {
  std::string out;
  for (const Diagnostic& d : diagnostics.entries()) {
    out += render(d, Colour::Off);
    for (const std::string& line : d.ossec_lines) out += "  ossec: " + line + "\n";
  }
  return without_folder(out);
}

std::string read_with(const fs::path& path, model::Compat compat, Scope scope) {
  LoadOptions options;
  options.compat = compat;
  options.scope = scope;
  options.shown = path.filename().string();
  Diagnostics diagnostics;
  const std::string name = path.stem().string();
  if (name.ends_with("-agent")) {
    load_agent_config(path.string(), options, diagnostics);
  } else if (name.ends_with("-internal")) {
    // The folder of that name holds the two files; the case file itself is empty.
    InternalOptions::load((kFolder / name).string(), options, diagnostics);
  } else {
    const Config config = load_config(path.string(), options, diagnostics);
    expand_rules(config, kFolder.string() + "/home", compat, diagnostics);
  }
  return shown(diagnostics);
}

std::string all_readings(const fs::path& path) {
  const std::string mended = read_with(path, model::Compat::Mended, Scope::Everything);
  const std::string exact = read_with(path, model::Compat::Ossec43, Scope::Everything);
  std::string out = mended;
  if (exact != mended) out += "-- as OSSEC 4.3\n" + exact;
  return out + "-- as the test tool\n" + read_with(path, model::Compat::Ossec43, Scope::Analysis);
}

TEST(ConfigErrors, EveryCaseSaysWhatIsRecorded) {
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  for (const fs::path& path : cases()) {
    SCOPED_TRACE(path.filename().string());
    fs::path expected = path;
    expected.replace_extension(".expected");
    const std::string now = all_readings(path);
    if (update) {
      ASSERT_TRUE(base::write_file_atomically(expected.string(), now).has_value());
      continue;
    }
    const auto before = base::read_file(expected.string());
    ASSERT_TRUE(before.has_value()) << before.error().message;
    EXPECT_EQ(now, *before);
  }
}

TEST(ConfigErrors, EveryCodeHasACase) {
  std::string all;
  for (const fs::path& path : cases()) all += all_readings(path);
  for (const CodeMeaning& c : config_codes()) {
    if (c.code == "X001" || c.code == "X003") continue;  // no configuration file can show them
    EXPECT_NE(all.find("[" + std::string(c.code) + "]"), std::string::npos) << c.code;
  }
}

}  // namespace
}  // namespace gander::config
