// `syscheck_control` and `syscheck_update`: queue/syscheck, shown and changed.

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <map>
#include <optional>
#include <vector>

#include "base/descriptor.h"
#include "base/file.h"
#include "base/json_text.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/database_tools.h"
#include "cli/layout.h"
#include "integrity/event_text.h"
#include "integrity/file_state.h"
#include "integrity/syscheck_database.h"
#include "output/alert_time.h"
#include "text/pattern.h"

namespace gander::cli {
namespace {

using integrity::FileSum;

constexpr int kNoPattern = 31;
constexpr int kNoFile = 32;

struct Entry {
  integrity::SyscheckEntry kept;
  std::string path;                   // as it is in the file
  std::optional<std::string> before;  // sum of the entry before this one, of the same path

  bool current() const { return !kept.flags.starts_with('#'); }
  bool is_change() const { return !kept.flags.starts_with('+'); }
};

std::vector<Entry> entries_in(std::string_view content) {
  std::vector<Entry> out;
  std::map<std::string, std::string, std::less<>> last;
  for (size_t begin = 0; begin < content.size();) {
    const std::string_view line = content.substr(begin, content.find('\n', begin) - begin);
    std::string_view path;
    if (auto kept = integrity::SyscheckDatabase::parse_line(line, path)) {
      kept->offset = begin;
      Entry e{std::move(*kept), std::string(path), std::nullopt};
      if (const auto known = last.find(path); known != last.end()) e.before = known->second;
      last.insert_or_assign(e.path, e.kept.sum);
      out.push_back(std::move(e));
    }
    begin += line.size() + 1;
  }
  return out;
}

// As OSSEC counts them: 0 the first change, 2, 3, 4 ignored.
int number_of(const Entry& e) {
  const std::string_view rest = std::string_view(e.kept.flags).substr(1);
  return rest == "!+" ? 2 : rest == "!!" ? 3 : rest == "!?" ? 4 : 0;
}

std::string_view event_of(const Entry& e, const FileSum& sum) {
  if (e.kept.flags.starts_with('+') || (!e.before && !e.current())) return "added";
  if (sum.deleted) return "deleted";
  return e.before && FileSum::parse(*e.before).deleted ? "restored" : "modified";
}

std::string_view which_time(const Entry& e) {
  switch (number_of(e)) {
    case 2:
      return "- 2nd time modified.";
    case 3:
      return "- 3rd time modified.";
    case 4:
      return "- Being ignored (3 or more changes).";
    default:
      return "- 1st time modified.";
  }
}

std::string shown_mode(std::string_view mode) {
  return integrity::mode_number(mode) == 0 ? std::string(mode)
                                           : integrity::permission_text(integrity::mode_number(mode));
}

// Calls value(label, key, text, differs) for each value of the sum.
template <class Value>
void each_value(const Entry& e, const FileSum& sum, Value value) {
  const FileSum before = e.before ? FileSum::parse(*e.before) : FileSum{};
  const auto one = [&](std::string_view label, std::string_view key, std::string_view FileSum::*member) {
    if ((sum.*member).data() == nullptr) return;
    const bool is_mode = member == &FileSum::mode;
    value(label, key, is_mode ? shown_mode(sum.*member) : std::string(sum.*member),
          before.whole && before.*member != sum.*member);
  };
  one("Size: ", "size", &FileSum::size);
  // Files of Windows have no owners by number.
  if (e.path.starts_with('/')) {
    one("Perm: ", "perm", &FileSum::mode);
    one("Uid:  ", "uid", &FileSum::uid);
    one("Gid:  ", "gid", &FileSum::gid);
  }
  one("Md5:  ", "md5", &FileSum::md5);
  one("Sha1: ", "sha1", &FileSum::sha1);
  one("Sha256: ", "sha256", &FileSum::sha256);
}

std::string details(const Entry& e) {
  const FileSum sum = FileSum::parse(e.kept.sum);
  const std::string_view event = event_of(e, sum);
  if (event == "deleted") return "File deleted.\n";
  std::string out = "File added to the database. \n";
  if (event != "added") {
    out = fmt::format("File {}. {}\n", event == "restored" ? "restored" : "changed", which_time(e));
  }
  out += "Integrity checking values:\n";
  each_value(e, sum, [&](std::string_view label, std::string_view, const std::string& text, bool differs) {
    out += fmt::format("   {}{}{}\n", label, differs ? ">" : "", base::printable(text));
  });
  return out;
}

class Listing {
 public:
  Listing(const DatabaseArguments& arguments, base::TimeZone zone) : arguments_(arguments), time_(std::move(zone)) {}

  std::string text(const KnownAgent& agent, const std::vector<Entry>& entries) {
    std::string out = head(agent);
    const bool with_details = !arguments_.pattern.empty();
    if (with_details) {
      out += "Detailed information for entries matching: '" + base::printable(arguments_.pattern) + "'\n";
    }
    std::string day;
    for (const Entry& e : entries) {
      const std::string date = date_of(e);
      if (with_details) {
        out += "\n";
      } else if (date.substr(0, kDay) != day) {
        day = date.substr(0, kDay);
        out += "\nChanges for " + day + ":\n";
      }
      out += fmt::format("{},{} - {}\n", date, number_of(e), shown(e));
      if (with_details) out += details(e);
    }
    if (entries.empty()) out += "\n** No entries found.\n";
    return out;
  }

  std::string csv(const std::vector<Entry>& entries) {
    std::string out;
    for (const Entry& e : entries) out += fmt::format("{},{},{}\n", date_of(e), shown(e), number_of(e));
    return out;
  }

  std::string json(const std::vector<Entry>& entries) {
    std::string out;
    base::JsonBuilder json(out, base::DamagedUtf8::Replace);
    json.open_object();
    json.number("error", 0);
    json.open_array("response");
    for (const Entry& e : entries) {
      json.open_object();
      json.string("readDay", date_of(e));
      json.string("file", integrity::decode_path(e.path));
      json.number("changes", number_of(e));
      if (!arguments_.pattern.empty()) attributes(json, e);
      json.close_object();
    }
    json.close_array();
    json.close_object();
    return out;
  }

 private:
  static constexpr size_t kDay = 11;  // "2026 Nov 22"

  std::string head(const KnownAgent& agent) const {
    if (arguments_.registry) return "\nIntegrity changes for 'Windows Registry' of " + shown_agent(agent) + ":\n";
    return "\nIntegrity " + std::string(agent.local() ? "checking changes" : "changes") + " for " + shown_agent(agent) +
           ":\n";
  }
  static std::string shown(const Entry& e) { return base::printable(integrity::decode_path(e.path)); }
  std::string date_of(const Entry& e) { return std::string(time_.ossec(base::from_unix(e.kept.time))); }

  static void attributes(base::JsonBuilder& json, const Entry& e) {
    const FileSum sum = FileSum::parse(e.kept.sum);
    const std::string_view event = event_of(e, sum);
    json.open_object("attrs");
    json.string("event", event);
    if (event != "deleted") {
      each_value(e, sum, [&](std::string_view, std::string_view key, const std::string& text, bool) {
        json.string(key, text);
      });
    }
    json.close_object();
  }

  const DatabaseArguments& arguments_;
  output::AlertTime time_;
};

int show(const DatabaseArguments& arguments, const KnownAgent& agent, std::vector<Entry> entries) {
  if (arguments.pattern.empty()) std::erase_if(entries, [](const Entry& e) { return !e.is_change(); });
  Listing listing(arguments, base::TimeZone::local());
  std::cout << (arguments.form == DatabaseArguments::Form::Json  ? listing.json(entries)
                : arguments.form == DatabaseArguments::Form::Csv ? listing.csv(entries)
                                                                 : listing.text(agent, entries));
  return 0;
}

// The flags of the first current entry: how often it changed, or that it is ignored.
int set_counter(const DatabaseArguments& arguments, const std::string& file, const std::vector<Entry>& entries) {
  const std::string_view flags = arguments.what == DatabaseArguments::What::Ignore ? "!!?" : "!++";
  for (const Entry& e : entries) {
    if (!e.current()) continue;
    const base::Descriptor fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd || ::pwrite(fd.get(), flags.data(), flags.size(), static_cast<off_t>(e.kept.offset)) !=
                   static_cast<ssize_t>(flags.size())) {
      return refuse_database(arguments, kNoFile, file + ": " + std::strerror(errno));
    }
    const std::string path = integrity::decode_path(e.path);
    if (arguments.form == DatabaseArguments::Form::Json) {
      std::string out;
      base::JsonBuilder json(out, base::DamagedUtf8::Replace);
      json.open_object();
      json.number("error", 0);
      json.string("response", "Counter updated for file '" + path + "'");
      json.close_object();
      std::cout << out;
    } else {
      std::cout << "\n**Counter updated for file '" << base::printable(path) << "'\n\n";
    }
    return 0;
  }
  return refuse_database(arguments, kNoFile, "No entries found.");
}

}  // namespace

int run_syscheck_control(const DatabaseArguments& arguments, const std::string& home) {
  if (arguments.what == DatabaseArguments::What::Clear) {
    return clear_databases(arguments, home, "syscheck", "Integrity check database updated");
  }
  const std::optional<KnownAgent> agent = find_agent(home, arguments.id);
  if (!agent) return refuse_database(arguments, kNoAgentWithFiles, "Invalid agent id '" + arguments.id + "'.");
  const std::string file =
      base::join(home, "queue/syscheck/" + agent->location(arguments.registry ? "syscheck-registry" : "syscheck"));
  std::string content;
  if (base::exists(file)) {
    Result<std::string> read = base::read_file(file);
    if (!read) return refuse_database(arguments, kNoFile, read.error().message);
    content = std::move(*read);
  }
  std::vector<Entry> entries = entries_in(content);
  if (!arguments.pattern.empty()) {
    const auto pattern =
        text::Pattern::compile(text::Dialect::OsMatch, arguments.pattern, text::OnInvalidUtf8::SearchBytes);
    if (!pattern) return refuse_database(arguments, kNoPattern, "Invalid pattern '" + arguments.pattern + "'.");
    text::MatchContext context;
    std::erase_if(entries, [&](const Entry& e) {
      const std::string path = integrity::decode_path(e.path);
      return !pattern->matches(text::Subject::of(path), context);
    });
  }
  if (arguments.what != DatabaseArguments::What::Show) return set_counter(arguments, file, entries);
  return show(arguments, *agent, std::move(entries));
}

}  // namespace gander::cli
