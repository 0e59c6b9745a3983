#include "cli/app_pages.h"

#include <vector>

#include "cli/version.h"

namespace gander::cli {
namespace {

// roff: a line that starts with a dot or quote is a request, a backslash an escape.
std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    if (c == '\n') out += "\\&";
  }
  return out;
}

void append_options(const CLI::App& app, std::string& out) {
  for (const CLI::Option* option : app.get_options()) {
    out += ".TP\n.B " + roff(option->get_name(false, true)) + "\n" + roff(option->get_description()) + "\n";
  }
}

}  // namespace

std::string manual_page_of(const CLI::App& app, const std::string& command) {
  const CLI::App* shown = &app;
  std::string name = "gander";
  if (!command.empty()) {
    const auto commands = app.get_subcommands([&](const CLI::App* c) { return c->get_name() == command; });
    if (commands.empty()) return {};
    shown = commands.front();
    name += "-" + command;
  }
  std::string out = ".TH " + name + " 1 \"\" \"gander " + kVersion + "\"\n.SH NAME\n" + roff(name) + " \\- " +
                    roff(shown->get_description()) + "\n.SH SYNOPSIS\n.B gander" +
                    (command.empty() ? std::string(" COMMAND") : " " + command) + "\n[OPTION]...\n.SH OPTIONS\n";
  append_options(*shown, out);
  const auto subcommands = shown->get_subcommands([](const CLI::App*) { return true; });
  if (!subcommands.empty()) out += ".SH COMMANDS\n";
  for (const CLI::App* sub : subcommands) {
    out += ".TP\n.B " + sub->get_name() + "\n" + roff(sub->get_description()) + "\n";
    if (command.empty()) continue;
    out += ".RS\n";
    append_options(*sub, out);
    out += ".RE\n";
  }
  out += ".SH EXIT STATUS\n0 good; 1 what was asked for was not so; 2 usage or configuration error.\n";
  const std::string footer = shown->get_footer();
  if (!footer.empty()) out += ".SH EXAMPLES\n.nf\n" + roff(footer) + "\n.fi\n";
  return out;
}

std::string manual_page_of_tool(const std::string& name, const std::string& help) {
  const size_t colon = help.find(": ");
  const size_t line = help.find('\n', colon);
  return ".TH " + name + " 1 \"\" \"gander " + kVersion + "\"\n.SH NAME\n" + roff(name) + " \\- " +
         roff(help.substr(colon + 2, line - colon - 2)) + "\n.SH SYNOPSIS\n.B " + roff(name) +
         "\n[OPTION]...\n.SH OPTIONS\n.nf\n" + roff(help.substr(line + 1)) +
         ".fi\n.SH EXIT STATUS\n0 good; 1 it was not so, or wrong usage.\n.SH SEE ALSO\n.BR gander\\-integrity (1)\n";
}

std::string completion_of(const CLI::App& app, const std::string& shell) {
  std::string commands;
  std::string cases;
  for (const CLI::App* sub : app.get_subcommands({})) {
    commands += (commands.empty() ? "" : " ") + sub->get_name();
    std::string flags;
    for (const CLI::App* word : sub->get_subcommands([](const CLI::App*) { return true; })) {
      flags += " " + word->get_name();
    }
    for (const CLI::Option* option : sub->get_options()) {
      for (const std::string& name : option->get_lnames()) flags += " --" + name;
      for (const std::string& name : option->get_snames()) flags += " -" + name;
    }
    cases += "    " + sub->get_name() + ") words='" + flags + "' ;;\n";
  }
  std::string bash =
      "_gander() {\n  local current=${COMP_WORDS[COMP_CWORD]} words\n  case ${COMP_WORDS[1]} in\n" + cases +
      "    *) words='" + commands + "' ;;\n  esac\n  [ \"$COMP_CWORD\" -eq 1 ] && words='" + commands +
      "'\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\"; compgen -f -- \"$current\")\n}\n"
      "complete -o filenames -F _gander gander\n";
  if (shell == "bash") return bash;
  if (shell == "zsh") return "autoload -U +X bashcompinit && bashcompinit\n" + bash;
  return {};
}

}  // namespace gander::cli
