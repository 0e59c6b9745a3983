#include "ruletools/scaffold.h"

#include <algorithm>
#include <map>
#include <set>

#include "ruletools/template_finder.h"
#include "ruletools/test_runner.h"

namespace gander::ruletools {
namespace {

constexpr model::RuleId kHighestId = 999999;

// What a ruleset makes of one line by itself.
struct Answer {
  std::string program;
  bool has_program = false;
  std::string log;
  std::string decoder;  // empty: none
  const rules::Rule* rule = nullptr;
  std::vector<std::pair<std::string, std::string>> fields;
};

Answer ask(const std::shared_ptr<const engine::Ruleset>& ruleset, const engine::EngineOptions& options,
           const std::string& line) {
  model::MemoryStateStore state;
  engine::Engine engine(ruleset, test_options(options), state);
  engine::Worker worker(options.compat);
  std::vector<decode::FilledField> filled;
  worker.decode.filled = &filled;
  engine::Prepared prepared;
  constexpr int64_t kAnyTime = 1767225600;
  engine.prepare(line, "stdin", base::from_unix(kAnyTime), worker, prepared);
  const engine::Decision& decision = engine.decide(prepared);
  const model::Event& event = prepared.event;
  Answer out;
  out.has_program = event.program_name.data() != nullptr;
  out.program = event.program_name;
  out.log = event.log;
  if (event.decoder) out.decoder = event.decoder->name;
  out.rule = decision.rule;
  for (const decode::FilledField& field : filled) out.fields.emplace_back(field.label, field.value);
  return out;
}

// A description or comment: letters of the log that XML, variables and other readers could take for more are left out.
std::string safe_text(std::string_view text) {
  constexpr size_t kLongest = 100;
  std::string out;
  for (const char c : text.substr(0, kLongest)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        std::isalnum(byte) != 0 || byte >= 0x80 || std::string_view(" _-:/,=@;'.()").find(c) != std::string_view::npos;
    if (plain) out.push_back(c);
  }
  // A character is not cut in half.
  if (text.size() > kLongest) {
    while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xc0) == 0x80) out.pop_back();
    if (!out.empty() && (static_cast<unsigned char>(out.back()) & 0x80) != 0) out.pop_back();
  }
  while (out.find("--") != std::string::npos) out.erase(out.find("--"), 1);
  return out;
}

struct Guess {
  int level = 3;
  const char* group = nullptr;
};

Guess guess_of(std::string words) {
  std::transform(words.begin(), words.end(), words.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto any = [&](std::initializer_list<const char*> list) {
    return std::any_of(list.begin(), list.end(),
                       [&](const char* word) { return words.find(word) != std::string::npos; });
  };
  const bool login = any({"login", "log-in", "logged in", "password", "auth", "credential", "sign in", "signed in"});
  const bool bad = any({"fail", "invalid", "denied", "refused", "reject", "wrong", "incorrect", "bad ", "illegal"});
  if (bad) return {5, login ? "authentication_failed" : nullptr};
  if (login && any({"accept", "success", "logged in", "signed in", "opened"})) return {3, "authentication_success"};
  return {};
}

// Lines of one template that today's rules treat alike.
struct Kind {
  Template form;
  std::string decoder;     // that claims them already; empty: none
  model::RuleId rule = 0;  // that fires already; 0: none
};

std::vector<Kind> kinds_of(const std::vector<Answer>& answers) {
  std::map<std::pair<std::string, model::RuleId>, std::vector<size_t>> alike;
  for (size_t i = 0; i < answers.size(); ++i) {
    // Who speaks of lines that have no decoder yet does not matter: the new decoder's rule comes first.
    const bool known = !answers[i].decoder.empty();
    alike[{answers[i].decoder, known && answers[i].rule ? answers[i].rule->info.id : 0}].push_back(i);
  }
  std::vector<Kind> out;
  for (const auto& [key, numbers] : alike) {
    std::vector<std::string> messages;
    for (const size_t n : numbers) messages.push_back(answers[n].log);
    for (Template& form : find_templates(messages)) {
      for (size_t& n : form.lines) n = numbers[n];
      out.push_back({std::move(form), key.first, key.second});
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Kind& a, const Kind& b) { return a.form.lines.front() < b.form.lines.front(); });
  return out;
}

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : between) + word;
  return out;
}

std::string decoders_text(const std::string& name, const std::vector<Kind>& kinds, const std::vector<Answer>& answers) {
  std::set<std::string> programs;
  std::vector<std::string> messages;
  for (const Kind& kind : kinds) {
    if (!kind.decoder.empty()) continue;
    for (const size_t n : kind.form.lines) {
      if (answers[n].has_program) programs.insert(escaped_pattern(answers[n].program));
    }
    if (!answers[kind.form.lines.front()].has_program) messages.push_back(kind.form.plain);
  }
  if (programs.empty() && messages.empty()) return {};
  std::string out = "<!-- Who sent a line, and its fields. -->\n";
  const auto parent = [&](const std::string& own, const std::string& test) {
    out += "\n<decoder name=\"" + own + "\">\n  " + test + "\n</decoder>\n";
  };
  if (!programs.empty()) {
    const std::vector<std::string> list(programs.begin(), programs.end());
    parent(name, "<program_name_pcre2>^(?:" + joined(list, "|") + ")$</program_name_pcre2>");
  }
  if (!messages.empty()) parent(name, "<prematch_pcre2>" + joined(messages, "|") + "</prematch_pcre2>");
  for (const Kind& kind : kinds) {
    if (!kind.decoder.empty() || kind.form.fields.empty()) continue;
    out += "\n<!-- " + safe_text(kind.form.words) + " -->\n<decoder name=\"" + name + "-fields\">\n  <parent>" + name +
           "</parent>\n  <pcre2>" + kind.form.pattern + "</pcre2>\n  <order>" + joined(kind.form.fields, ", ") +
           "</order>\n</decoder>\n";
  }
  return out;
}

Result<model::RuleId> free_ids(const rules::RuleTree& tree, model::RuleId first, int count) {
  model::RuleId begin = first;
  for (model::RuleId id = first; id <= kHighestId; ++id) {
    if (tree.find(id)) begin = id + 1;
    if (id - begin + 1 >= count) return begin;
  }
  return fail("K011", "there are no " + std::to_string(count) + " free rule ids from " + std::to_string(first) + " on");
}

}  // namespace

Result<Scaffold> make_scaffold(const ScaffoldOrder& order, const std::shared_ptr<const engine::Ruleset>& ruleset,
                               const engine::EngineOptions& options) {
  if (order.lines.empty()) return fail("K010", "there are no sample lines to make rules from");
  std::vector<Answer> answers;
  for (const std::string& line : order.lines) answers.push_back(ask(ruleset, options, line));
  const std::vector<Kind> kinds = kinds_of(answers);
  Scaffold out;
  out.decoders = decoders_text(order.name, kinds, answers);
  const bool own_decoder = !out.decoders.empty();
  const Result<model::RuleId> first =
      free_ids(ruleset->tree(), order.first_id, static_cast<int>(kinds.size()) + (own_decoder ? 1 : 0));
  if (!first) return tl::unexpected(first.error());
  model::RuleId id = *first;
  const model::RuleId base = id;
  out.rules = "<!-- What a line means. Levels and groups are guesses: look at each. -->\n\n<group name=\"" +
              order.name + ",\">\n";
  if (own_decoder) {
    out.rules += "  <rule id=\"" + std::to_string(id++) + "\" level=\"0\" noalert=\"1\">\n    <decoded_as>" +
                 order.name + "</decoded_as>\n    <description>" + order.name +
                 ": messages grouped.</description>\n  </rule>\n";
  }
  for (const Kind& kind : kinds) {
    const Guess guess = guess_of(kind.form.words);
    std::string where = "<decoded_as>" + kind.decoder + "</decoded_as>";
    if (kind.decoder.empty()) where = "<if_sid>" + std::to_string(base) + "</if_sid>";
    if (kind.rule != 0) where = "<if_sid>" + std::to_string(kind.rule) + "</if_sid>";
    out.rules += "\n  <rule id=\"" + std::to_string(id) + "\" level=\"" + std::to_string(guess.level) + "\">\n    " +
                 where + "\n    <pcre2>" + kind.form.plain + "</pcre2>\n    <description>" + order.name + ": " +
                 safe_text(kind.form.words) + "</description>\n";
    if (guess.group) out.rules += std::string("    <group>") + guess.group + ",</group>\n";
    out.rules += "  </rule>\n";
    out.ids.push_back(id++);
  }
  out.rules += "</group>\n";
  return out;
}

Result<ScaffoldTests> scaffold_tests(const ScaffoldOrder& order, const Scaffold& scaffold,
                                     const std::shared_ptr<const engine::Ruleset>& finished,
                                     const engine::EngineOptions& options) {
  ScaffoldTests out;
  out.ini = "# Lines for rules.xml: each must give this rule, level and decoder.\n";
  out.tsv =
      "# What the decoders take out of each line: LINE, decoder, field=value, separated by tabs. Add forged lines: "
      "names\n"
      "# that imitate the rest of a message. The true address or none comes out, never the forged one.\n";
  std::map<model::RuleId, std::pair<Answer, std::vector<std::string>>> by_rule;
  for (const std::string& line : order.lines) {
    Answer answer = ask(finished, options, line);
    const bool ours =
        answer.rule && std::find(scaffold.ids.begin(), scaffold.ids.end(), answer.rule->info.id) != scaffold.ids.end();
    if (!ours) {
      return fail("K012", "the rules made do not catch this line (" +
                              (answer.rule ? "rule " + std::to_string(answer.rule->info.id) + " does"
                                           : std::string("no rule does")) +
                              "): " + line);
    }
    const std::string decoder = answer.decoder.empty() ? "(null)" : answer.decoder;
    if (line.find('\t') == std::string::npos) {
      out.tsv += line + "\t" + decoder;
      std::map<std::string, std::string> fields;
      for (const auto& [name, value] : answer.fields) fields[name] = value;
      for (const auto& [name, value] : fields) out.tsv += "\t" + name + "=" + value;
      out.tsv += "\n";
    }
    auto& entry = by_rule[answer.rule->info.id];
    entry.second.push_back(line);
    entry.first = std::move(answer);
  }
  for (const auto& [id, entry] : by_rule) {
    const auto& [answer, lines] = entry;
    out.ini += "\n[" + std::to_string(id) + " " + answer.rule->info.description.value_or("") + "]\n";
    for (size_t i = 0; i < lines.size(); ++i) {
      out.ini += "log " + std::to_string(i + 1) + " pass = ";
      for (const char c : lines[i]) out.ini += c == '%' ? "%%" : std::string(1, c);
      out.ini += "\n";
    }
    out.ini += "rule = " + std::to_string(id) + "\nalert = " + std::to_string(answer.rule->info.level) +
               "\ndecoder = " + (answer.decoder.empty() ? "(null)" : answer.decoder) + "\n";
  }
  return out;
}

}  // namespace gander::ruletools
