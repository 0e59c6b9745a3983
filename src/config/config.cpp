#include "config/config.h"

#include "config/section_table.h"
#include "config/xml.h"

namespace gander::config {
namespace {

constexpr std::string_view kRoot = "ossec_config";

std::vector<std::string> section_names() {
  std::vector<std::string> out;
  for (const Section& s : sections()) out.emplace_back(s.name);
  return out;
}

void report_xml_error(const XmlError& e, const std::string& shown, SectionReader& reader) {
  const std::string text =
      "Error reading XML file '" + shown + "': " + e.text + " (line " + std::to_string(e.line) + ").";
  const bool missing = e.kind == XmlError::Kind::Missing;
  const std::string words = missing ? "cannot open '" + e.at.file + "'" : e.text.substr(e.text.find(' ') + 1);
  reader.error({missing ? "X001" : "X002", words, e.at, 1, e.hint, {reader.error_line(1226, text)}}, 1);
}

// False for a root or section that no daemon accepts.
bool check_root(const XmlElement& root, SectionReader& reader) {
  if (root.name == kRoot) return true;
  reader.error({"C001",
                "the root element is <ossec_config>, not <" + root.name + ">",
                reader.at(root),
                static_cast<int>(root.name.size()),
                {},
                {reader.error_line(1230, "Invalid element in the configuration: '" + root.name + "'.")}},
               1);
  return false;
}

const Section* check_section(const XmlElement& e, SectionReader& reader) {
  const std::vector<std::string> lines = {
      reader.error_line(1230, "Invalid element in the configuration: '" + e.name + "'.")};
  const Section* const section = find_section(e.name);
  const int length = static_cast<int>(e.name.size());
  if (section == nullptr) {
    reader.error({"C002", "there is no section <" + e.name + ">", reader.at(e), length,
                  nearest_hint(e.name, section_names()), lines});
    return nullptr;
  }
  if (e.children.empty()) {
    reader.error({"C003", "section <" + e.name + "> holds no element", reader.at(e), length, {}, lines});
    return nullptr;
  }
  return section;
}

// Everything: one walk in document order. Analysis: OSSEC's two walks.
void read_sections(const XmlDocument& document, Config& config, SectionReader& reader) {
  for (const XmlElement& root : document.roots) {
    if (!check_root(root, reader)) continue;
    for (const XmlElement& e : root.children) {
      const Section* const section = check_section(e, reader);
      if (section != nullptr && (!reader.analysis() || section->pass == Pass::Settings)) {
        section->read(e, config, reader);
      }
    }
  }
  if (!reader.analysis()) return;
  for (const XmlElement& root : document.roots) {
    for (const XmlElement& e : root.children) {
      const Section* const section = root.name == kRoot && !e.children.empty() ? find_section(e.name) : nullptr;
      if (section != nullptr && section->pass == Pass::Responses) section->read(e, config, reader);
    }
  }
}

Config read_document(const tl::expected<XmlDocument, XmlError>& document, const std::string& file,
                     const LoadOptions& options, Diagnostics& diagnostics) {
  Config config;
  config.file = file;
  SectionReader reader(config.file, options, diagnostics);
  if (!document) {
    report_xml_error(document.error(), options.shown.empty() ? file : options.shown, reader);
    return config;
  }
  read_sections(*document, config, reader);
  check_whole(config, reader);
  return config;
}

}  // namespace

Config load_config(const std::string& path, const LoadOptions& options, Diagnostics& diagnostics) {
  const std::string& shown = options.shown.empty() ? path : options.shown;
  return read_document(load_xml(path, shown, Variables::Keep), path, options, diagnostics);
}

Config parse_config(std::string_view text, const std::string& file, const LoadOptions& options,
                    Diagnostics& diagnostics) {
  return read_document(parse_xml(text, file, Variables::Keep), file, options, diagnostics);
}

}  // namespace gander::config
