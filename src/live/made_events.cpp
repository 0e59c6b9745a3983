#include "live/made_events.h"

#include <fmt/format.h>

#include <utility>

#include "model/state_paths.h"

namespace gander::live {
namespace {

constexpr uint32_t kNewFinding = 4096;  // what decoder_desc.fts shows for a finding seen first
constexpr const char* kHostsPath = "queue/fts/hostinfo";

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// The value behind " MD5=" and its like, when it is as long as such a digest.
std::optional<std::string> digest(std::string_view text, std::string_view word, size_t digits) {
  const size_t at = text.find(word);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view value = text.substr(at + word.size());
  value = value.substr(0, value.find(' '));
  if (value.size() != digits || !is_hex(value)) return std::nullopt;
  return std::string(value);
}

}  // namespace

MadeEvents::MadeEvents(Read read, store::Batch& batch) : read_(std::move(read)), batch_(batch) {
  root_new_.name = root_known_.name = "rootcheck";
  root_new_.fts = kNewFinding;
  // Both show this name, and are told apart by their identity.
  host_new_.name = host_changed_.name = "hostinfo_modified";
  for (model::DecoderInfo* info : {&root_new_, &root_known_, &host_new_, &host_changed_}) {
    info->category = model::Category::Ossec;
  }
}

void MadeEvents::reload(const decode::DecoderSet& decoders) {
  const auto identities = decoders.identities();
  const auto identity = [&](std::string_view name) {
    const auto found = identities.find(name);
    return found == identities.end() ? 0 : found->second;
  };
  root_new_.identity = root_known_.identity = identity("rootcheck");
  host_new_.identity = identity("hostinfo_new");
  host_changed_.identity = identity("hostinfo_modified");
}

MadeEvents::Findings& MadeEvents::findings_of(const std::string& name) {
  Findings& findings = findings_[name];
  if (std::exchange(findings.current, true)) return findings;
  std::string content = read_("queue/rootcheck/" + name);
  if (content == findings.file && !findings.all.empty()) return findings;
  findings.file = std::move(content);
  findings.all = parse_findings(findings.file);
  findings.by_text.clear();
  for (size_t i = 0; i < findings.all.size(); ++i) findings.by_text.emplace(findings.all[i].text, i);
  return findings;
}

void MadeEvents::rootcheck(model::Event& event) {
  Findings& findings = findings_of(model::folder_name(event.location));
  const int64_t now = base::unix_seconds(event.time);
  const auto [it, is_new] = findings.by_text.try_emplace(std::string(event.full_log), findings.all.size());
  if (is_new) {
    findings.all.push_back({now, now, std::string(event.full_log)});
  } else {
    findings.all[it->second].last = now;
  }
  findings.changed = true;
  event.decoder = is_new ? &root_new_ : &root_known_;
  event.category = model::Category::Ossec;
  event.sight = is_new ? model::Event::Sight::New : model::Event::Sight::Known;
  read_file_of(event);
}

// " file '/dev/.x'" and the digests behind it.
void MadeEvents::read_file_of(model::Event& event) {
  constexpr std::string_view kFile = " file '";
  const std::string_view text = event.full_log;
  const size_t begin = text.find(kFile);
  if (begin == std::string_view::npos) return;
  const size_t end = text.find('\'', begin + kFile.size());
  if (end == std::string_view::npos) return;
  file_ = {};
  file_.noticed = model::FileChange::Noticed::ByRootcheck;
  file_.path = text.substr(begin + kFile.size(), end - begin - kFile.size());
  file_.md5.after = digest(text, " MD5=", 32);
  file_.sha1.after = digest(text, " SHA1=", 40);
  file_.sha256.after = digest(text, " SHA256=", 64);
  event.set(model::Field::Filename, event.keep(file_.path));
  event.file = &file_;
}

void MadeEvents::load_hosts() {
  hosts_loaded_ = true;
  const std::string content = read_(kHostsPath);
  std::string_view rest = content;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const size_t blank = line.find(' ');
    if (blank != std::string_view::npos) {
      hosts_[std::string(line.substr(0, blank))].emplace(line.substr(blank + 1));
    }
  }
}

bool MadeEvents::host_information(model::Event& event) {
  if (!hosts_loaded_) load_hosts();
  constexpr std::string_view kHost = "Host: ";
  std::string_view text = event.full_log;
  event.category = model::Category::Ossec;
  event.decoder = &host_changed_;
  if (!text.starts_with(kHost)) return true;
  text.remove_prefix(kHost.size());
  const std::string address(text.substr(0, text.find_first_of(" ,")));
  const size_t comma = text.find(", ");
  const std::string ports(comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 2));
  const auto [it, is_new] = hosts_.try_emplace(address);
  if (!it->second.insert(ports).second) return false;
  fmt::format_to(std::back_inserter(batch_.append_to(kHostsPath)), "{} {}\n", address, ports);
  if (is_new) event.decoder = &host_new_;
  return true;
}

void MadeEvents::flush() {
  for (auto& [name, findings] : findings_) {
    findings.current = false;
    if (!std::exchange(findings.changed, false)) continue;
    findings.file = findings_text(findings.all);
    batch_.replace("queue/rootcheck/" + name, findings.file);
  }
}

}  // namespace gander::live
