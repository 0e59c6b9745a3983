// `gander explain`: the reference manual, printed from the tables that the program itself reads.

#include <algorithm>
#include <iostream>
#include <map>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/error_codes.h"
#include "config/config_reference.h"
#include "decode/decoder_reference.h"
#include "rules/rule_elements.h"

namespace gander::cli {
namespace {

using Row = std::vector<std::string>;

std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_table(const Row& head, const std::vector<Row>& rows) {
  std::string out;
  const auto line = [&](const Row& row) {
    out += "|";
    for (const std::string& text : row) out += " " + cell(text) + " |";
    out += "\n";
  };
  line(head);
  out += "|";
  for (size_t i = 0; i < head.size(); ++i) out += "---|";
  out += "\n";
  for (const Row& row : rows) line(row);
  return out;
}

// Name, what it holds and, indented below, what it means.
std::string plain_list(const std::vector<Row>& rows) {
  std::string out;
  for (const Row& row : rows) {
    out += row[0];
    for (size_t i = 1; i + 1 < row.size(); ++i) {
      if (!row[i].empty()) out += "  (" + row[i] + ")";
    }
    out += "\n    " + row.back() + "\n";
  }
  return out;
}

std::vector<Row> rule_rows() {
  std::vector<Row> rows;
  for (const rules::RuleElement& e : rules::rule_elements()) {
    rows.push_back({"<" + std::string(e.name) + ">", std::string(e.engine), std::string(e.help)});
  }
  return rows;
}

std::vector<Row> decoder_rows() {
  std::vector<Row> rows;
  for (const decode::ElementHelp& e : decode::decoder_elements()) {
    rows.push_back({"<" + std::string(e.name) + ">", std::string(e.attributes), std::string(e.help)});
  }
  return rows;
}

std::vector<Row> code_rows() {
  std::vector<Row> rows;
  for (const CodeMeaning& c : all_error_codes()) rows.push_back({std::string(c.code), std::string(c.meaning)});
  return rows;
}

std::vector<Row> named(std::vector<Row> rows, const std::string& name) {
  if (name.empty()) return rows;
  std::erase_if(rows, [&](const Row& row) { return row[0] != name && row[0] != "<" + name + ">"; });
  return rows;
}

std::string page(const std::string& title, const std::string& intro, const std::string& body) {
  return "# " + title + "\n\nMade by `gander explain --write`; change the tables in `src/`, not this page.\n\n" +
         intro + body;
}

std::string commands_page() {
  std::string out;
  for (const std::string& name : command_names()) out += "- `gander " + name + " --help`\n";
  return out;
}

std::map<std::string, std::string> pages() {
  return {
      {"configuration.md", config::config_reference_markdown()},
      {"internal-options.md", config::internal_options_markdown()},
      {"rules.md", page("Elements of a rule", "Attributes and the order of tests: `docs/reference/rule-order.md`.\n\n",
                        markdown_table({"element", "content", "meaning"}, rule_rows()))},
      {"decoders.md",
       page("Elements of a decoder", "", markdown_table({"element", "attributes", "meaning"}, decoder_rows()))},
      {"diagnostics.md", page("Diagnostics", "", markdown_table({"code", "meaning"}, code_rows()))},
      {"commands.md", page("Commands", "", commands_page())},
  };
}

int write_pages(const std::string& folder) {
  for (const auto& [name, text] : pages()) {
    const Result<void> written = base::write_file_atomically(base::join(folder, name), text);
    if (!written) {
      std::cerr << "gander: " << written.error().message << "\n";
      return 2;
    }
  }
  return 0;
}

std::string explained(const std::string& topic, const std::string& name) {
  if (topic == "options") return config::config_reference_text(name);
  if (topic == "internal-options") return config::internal_options_markdown();
  if (topic == "rules") return plain_list(named(rule_rows(), name));
  if (topic == "decoders") return plain_list(named(decoder_rows(), name));
  if (topic == "diagnostics") return plain_list(named(code_rows(), name));
  if (topic == "man") return manual_page(name);
  if (topic == "completion") return completion_script(name.empty() ? "bash" : name);
  return {};
}

}  // namespace

int run(const ExplainArguments& arguments) {
  if (!arguments.write_to.empty()) return write_pages(arguments.write_to);
  const std::string topic = arguments.topic.empty() ? "" : arguments.topic[0];
  const std::string name = arguments.topic.size() > 1 ? arguments.topic[1] : "";
  const std::string text = explained(topic, name);
  if (text.empty()) {
    std::cerr << "gander: explain what? options [NAME], internal-options, rules [ELEMENT], decoders [ELEMENT], "
                 "diagnostics [CODE], man [COMMAND], completion bash|zsh\n";
    return 2;
  }
  std::cout << text;
  return std::cout.flush() ? 0 : 2;
}

}  // namespace gander::cli
