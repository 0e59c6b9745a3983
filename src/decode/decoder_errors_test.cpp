// Every diagnostic of decoder files has a pair tests/golden/decoder-errors/NNN….xml and NNN….expected.
// UPDATE_GOLDEN=1 writes the expected files again. A name with `size-8` is read with decoder_order_size 8.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "decode/decoder_reference.h"
#include "decode/decoder_set.h"

namespace gander::decode {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(GANDER_SOURCE_DIR) / "tests" / "golden" / "decoder-errors";

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
  for (size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, at))
    text.erase(at, folder.size());
  return text;
}

// Long lines say no more than their beginning.
std::string shortened(const std::string& text) {
  constexpr size_t kMost = 300;
  std::string out;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    const std::string line = text.substr(begin, end - begin);
    out += line.size() > kMost ? line.substr(0, 100) + "..." + line.substr(line.size() - 100) : line;
    out += '\n';
    begin = end == std::string::npos ? text.size() : end + 1;
  }
  return out;
}

Diagnostics load(const fs::path& path, model::Compat compat) {
  Diagnostics diagnostics;
  DecoderOptions options;
  options.compat = compat;
  if (path.string().find("size-8") != std::string::npos) options.order_size = 8;
  DecoderSet::load({{path.filename().string(), path.string(), false, false}}, options, diagnostics);
  return diagnostics;
}

std::string shown(const Diagnostics& diagnostics) {
  std::string out;
  for (const Diagnostic& d : diagnostics.entries()) {
    if (d.severity != Severity::Note) out += render(d, Colour::Off);
    for (const std::string& line : d.ossec_lines) out += "  ossec: " + line + "\n";
  }
  return shortened(without_folder(out));
}

std::string both_readings(const fs::path& path) {
  const std::string mended = shown(load(path, model::Compat::Mended));
  const std::string exact = shown(load(path, model::Compat::Ossec43));
  return mended == exact ? mended : mended + "-- as OSSEC 4.3\n" + exact;
}

TEST(DecoderErrors, EveryCaseSaysWhatIsRecorded) {
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  ASSERT_FALSE(cases().empty());
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

TEST(DecoderErrors, EveryCodeHasACaseAndAMeaning) {
  std::set<std::string> known;
  for (const config::CodeMeaning& code : decode_codes()) known.insert(std::string(code.code));
  std::set<std::string> met;
  for (const fs::path& path : cases()) {
    for (const model::Compat compat : {model::Compat::Mended, model::Compat::Ossec43}) {
      const Diagnostics diagnostics = load(path, compat);
      for (const Diagnostic& d : diagnostics.entries()) {
        if (!d.code.empty() && d.code.front() == 'D') met.insert(std::string(d.code));
      }
    }
  }
  EXPECT_EQ(met, known);
}

std::vector<std::string> ossec_lines(const Diagnostics& diagnostics) {
  std::vector<std::string> out;
  for (const Diagnostic& d : diagnostics.entries()) out.insert(out.end(), d.ossec_lines.begin(), d.ossec_lines.end());
  return out;
}

// The default pair is named differently from listed files.
TEST(DecoderErrors, DefaultPairMissing) {
  Diagnostics diagnostics;
  DecoderSet::load({{"etc/decoder.xml", "/nowhere/decoder.xml", false, true},
                    {"etc/local_decoder.xml", "/nowhere/local_decoder.xml", true, true}},
                   {}, diagnostics);
  EXPECT_EQ(
      ossec_lines(diagnostics),
      (std::vector<std::string>{
          "ossec-analysisd(1226): ERROR: Error reading XML file 'etc/decoder.xml': XMLERR: File 'etc/decoder.xml' "
          "not found. (line 0).",
          "ossec-testrule(1202): ERROR: Configuration error at '/etc/decoder.xml'. Exiting.",
          "ossec-testrule: INFO: Reading local decoder file."}));
  EXPECT_EQ(diagnostics.error_count(), 1u);
}

TEST(DecoderErrors, LocalFileIsNotedWhenMissingOrEmptyAndNotWhenBroken) {
  const std::string good = (kFolder / "036-no-program-names.xml").string();
  const auto lines_with = [&](const std::string& local) {
    Diagnostics diagnostics;
    DecoderOptions options;
    options.program = "prog";
    DecoderSet::load({{"etc/decoder.xml", good, false, true}, {"etc/local_decoder.xml", local, true, true}}, options,
                     diagnostics);
    return ossec_lines(diagnostics);
  };
  const std::vector<std::string> noted{"prog: INFO: Reading local decoder file."};
  EXPECT_EQ(lines_with("/nowhere/local_decoder.xml"), noted);
  EXPECT_EQ(lines_with((kFolder / "006-no-decoder.xml").string()), noted);
  EXPECT_EQ(lines_with((kFolder / "005-no-children.xml").string()),
            (std::vector<std::string>{"ossec-analysisd(1231): ERROR: Invalid NULL element in the configuration.",
                                      "prog(1202): ERROR: Configuration error at '/etc/local_decoder.xml'. Exiting."}));
}

TEST(DecoderErrors, ListedFilesAreNotedInOrder) {
  const std::string good = (kFolder / "036-no-program-names.xml").string();
  Diagnostics diagnostics;
  DecoderOptions options;
  options.compat = model::Compat::Ossec43;
  DecoderSet::load({{"etc/a.xml", good, false, false}, {"etc/b.xml", good, false, false}}, options, diagnostics);
  EXPECT_EQ(ossec_lines(diagnostics),
            (std::vector<std::string>{"ossec-testrule: INFO: Reading decoder file etc/a.xml.",
                                      "ossec-testrule: INFO: Reading decoder file etc/b.xml.",
                                      "ossec-analysisd(2106): ERROR: Error adding decoder plugin."}));
  EXPECT_FALSE(diagnostics.has_errors());
}

}  // namespace
}  // namespace gander::decode
