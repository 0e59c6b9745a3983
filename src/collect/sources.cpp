#include "collect/sources.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <unordered_map>
#include <utility>

#include "collect/file_source.h"
#include "collect/journal_source.h"
#include "collect/location_pattern.h"
#include "collect/pass_source.h"
#include "collect/source_set.h"
#include "collect/watcher.h"

namespace gander::collect {

namespace {

// What inotify cannot see (a write through another folder's link) is found by looking at a few files in turn.
constexpr size_t kSweep = 64;
constexpr Steady kGlobEvery = std::chrono::seconds(60);
constexpr Steady kDeepGlobEvery = std::chrono::seconds(10);
// A window that was full for so long means that what waits is no news any more.
constexpr Steady kStall = std::chrono::seconds(30);

std::string canonical(const std::string& path) {
  char room[PATH_MAX];
  return ::realpath(path.c_str(), room) != nullptr ? room : std::string{};
}

bool is_command(const config::Localfile& block) {
  return block.log_format == "command" || block.log_format == "full_command";
}
bool is_windows(const config::Localfile& block) {
  return block.log_format == "eventlog" || block.log_format == "eventchannel";
}

}  // namespace

struct Sources::Impl {
  struct Glob {
    config::Localfile block;
    std::string id;
    std::string pattern;  // with the home in front
    bool known = false;   // it was expanded before: what is new was not there then
    bool polled = false;
    Steady next{};
    bool configured = true;
  };
  using Entry = SourceSet::Entry;

  Impl(SourceOptions options, const std::vector<KeptPlace>& kept)
      : shared{std::move(options), {}, {}, {}, {}, {}, 0},
        outlet(shared.options.window_bytes),
        watcher(watches() ? Watcher::Use::Kernel : Watcher::Use::Never),
        epoll(::epoll_create1(EPOLL_CLOEXEC)) {
    shared.short_host = shared.options.hostname.substr(0, shared.options.hostname.find('.'));
    for (const KeptPlace& k : kept) places[k.source] = k.place;
    listen(watcher.descriptor());
  }
  ~Impl() {
    if (epoll >= 0) ::close(epoll);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  bool ossec() const { return shared.options.compat == model::Compat::Ossec43; }
  bool watches() const { return !ossec() && shared.options.watch == SourceOptions::Watch::Kernel; }
  std::string real(const std::string& path) const {
    return path.starts_with('/') || shared.options.home.empty() ? path : shared.options.home + "/" + path;
  }

  void listen(int descriptor) const;
  void configure(Outlet& out);
  void configure(const config::Localfile& block, Outlet& out);
  void remove_unconfigured();
  void sum_up_missing(Outlet& out) const;
  void add_file(const config::Localfile& block, const std::string& location, Begin begin, Outlet& out);
  void add_entry(std::unique_ptr<Source> source, const config::Localfile& block);
  std::optional<std::string> kept_place(const std::string& id);
  std::string id_of(const config::Localfile& block, const std::string& location) const;

  void expand(Glob& glob, Outlet& out);
  void expand_due(Outlet& out);
  void found(const std::string& path, Outlet& out);

  void watch(Entry& entry, Outlet& out);
  bool watch_folder(const std::string& folder, Outlet& out, std::string* why);
  void drain(Outlet& out);
  void sweep();
  void serve(Entry& entry, Outlet& out);
  void notice_stall();

  Shared shared;
  Outlet outlet;
  Watcher watcher;
  int epoll;
  std::unordered_map<std::string, std::string> places;
  std::vector<config::Localfile> blocks;
  bool reconfigure = true;
  bool started = false;
  SourceSet set;
  std::vector<Glob> globs;
  std::set<std::string> unwatched;  // folders whose reason was told
  Steady next_sweep{};
  std::optional<Steady> full_since;
};

void Sources::Impl::listen(int descriptor) const {
  if (descriptor < 0) return;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

std::string Sources::Impl::id_of(const config::Localfile& block, const std::string& location) const {
  return (block.log_format == "journald" ? "journal:" : "file:") + location;
}

std::optional<std::string> Sources::Impl::kept_place(const std::string& id) {
  const auto at = places.find(id);
  if (at == places.end()) return std::nullopt;
  std::string place = std::move(at->second);
  places.erase(at);
  return place;
}

void Sources::Impl::configure(Outlet& out) {
  reconfigure = false;
  for (const auto& entry : set.all()) entry->configured = false;
  for (Glob& glob : globs) glob.configured = false;
  for (const config::Localfile& block : blocks) configure(block, out);
  remove_unconfigured();
  sum_up_missing(out);
  started = true;
}

void Sources::Impl::sum_up_missing(Outlet& out) const {
  if (ossec() || shared.options.missing == SourceOptions::Missing::Error) return;
  std::string names;
  size_t count = 0;
  for (const auto& entry : set.all()) {
    const config::Localfile& block = entry->block;
    if (block.log_format == "journald" || has_wildcard(block.location) || has_date(block.location)) continue;
    if (::access(real(block.location).c_str(), F_OK) == 0 || errno != ENOENT) continue;
    names.append(++count == 1 ? "'" : ", '").append(block.location).append("'");
  }
  if (count == 0) return;
  out.say(NoticeLevel::Info, log_line(0, "INFO",
                                      std::to_string(count) +
                                          " files of the default configuration are not there and are followed once "
                                          "they are: " +
                                          names + "."));
}

void Sources::Impl::configure(const config::Localfile& block, Outlet& out) {
  if (is_command(block)) return;
  if (is_windows(block)) {
    if (block.log_format == "eventchannel" && !started)
      out.say(NoticeLevel::Warning, log_line(0, "WARN", "eventchannel not available on this version of OSSEC"));
    return;
  }
  if (block.location.empty()) return;
  if (block.log_format == "journald") {
    const std::string id = id_of(block, block.location);
    if (Entry* const entry = set.find(id)) {
      entry->configured = true;
    } else {
      add_entry(make_journal_source(id, block, kept_place(id), shared), block);
    }
    return;
  }
  if (!has_wildcard(block.location)) return add_file(block, block.location, Begin::AtEnd, out);
  const std::string id = "glob:" + block.location;
  const auto old = std::find_if(globs.begin(), globs.end(), [&](const Glob& g) { return g.id == id; });
  if (old != globs.end()) {
    old->configured = true;
    old->block = block;
    return expand(*old, out);
  }
  Glob glob;
  glob.block = block;
  glob.id = id;
  glob.pattern = real(block.location);
  glob.known = kept_place(id).has_value();
  globs.push_back(glob);
  expand(globs.back(), out);
}

void Sources::Impl::remove_unconfigured() {
  std::erase_if(globs, [](const Glob& g) { return !g.configured; });
  std::vector<Entry*> gone;
  for (const auto& entry : set.all()) {
    if (!entry->configured) gone.push_back(entry.get());
  }
  for (Entry* const entry : gone) set.remove(*entry);
}

void Sources::Impl::add_file(const config::Localfile& block, const std::string& location, Begin begin, Outlet& out) {
  const std::string id = id_of(block, location);
  std::optional<std::string> place;
  if (Entry* const entry = set.find(id)) {
    if (entry->configured && !has_wildcard(block.location)) {
      out.say(NoticeLevel::Warning, log_line(0, "WARN", "Duplicated log file given: '" + location + "'."));
      return;
    }
    if (entry->block.log_format == block.log_format && entry->block.lines == block.lines) {
      entry->configured = true;
      return;
    }
    if (entry->configured) return;
    place = entry->source->place_now();
    set.remove(*entry);
  } else {
    place = kept_place(id);
  }
  if (block.log_format == "djb-multilog" && !djb_program_of(location)) {
    out.say(NoticeLevel::Error, log_line(1953, "ERROR", "Invalid DJB multilog file: '" + location + "'."));
    return;
  }
  auto kept = place ? FilePlace::decode(*place) : std::nullopt;
  if (place && !kept) {
    out.say(NoticeLevel::Warning,
            log_line(0, "WARN", "The kept position of '" + location + "' is damaged; it is read from its beginning."));
    begin = Begin::AtStart;
  }
  if (ossec()) {
    add_entry(std::make_unique<PassSource>(id, block, location, std::move(kept), shared), block);
  } else {
    add_entry(std::make_unique<FileSource>(id, block, location, begin, std::move(kept), shared), block);
  }
}

void Sources::Impl::add_entry(std::unique_ptr<Source> source, const config::Localfile& block) {
  set.queue(set.add(std::move(source), block));
}

void Sources::Impl::expand(Glob& glob, Outlet& out) {
  const bool deep = !has_plain_folder(glob.pattern);
  // Watched first: what comes while the folder is read is seen twice, not never.
  if (!deep) {
    std::string why;
    glob.polled = !watch_folder(folder_of(glob.pattern), out, &why);
  }
  const std::vector<std::string> paths = expand_wildcard(glob.pattern);
  const size_t cut =
      glob.block.location.starts_with('/') || shared.options.home.empty() ? 0 : shared.options.home.size() + 1;
  if (paths.empty() && !glob.known && glob.next == Steady{}) {
    out.say(NoticeLevel::Warning,
            log_line(1121, ossec() ? "ERROR" : "WARN", "Glob error. Invalid pattern: '" + glob.block.location + "'."));
  }
  for (const std::string& path : paths)
    add_file(glob.block, path.substr(cut), glob.known ? Begin::AtStart : Begin::AtEnd, out);
  if (!glob.known) {
    Batch batch;
    batch.source = glob.id;
    batch.place = "1";
    out.send(batch);
  }
  glob.known = true;
  glob.next = shared.now.steady + (deep || glob.polled ? kDeepGlobEvery : kGlobEvery);
}

void Sources::Impl::expand_due(Outlet& out) {
  if (ossec()) return;
  for (Glob& glob : globs) {
    if (glob.next <= shared.now.steady) expand(glob, out);
  }
}

// A name that came up in a watched folder.
void Sources::Impl::found(const std::string& path, Outlet& out) {
  for (const Glob& glob : globs) {
    if (!matches_name(glob.pattern, path)) continue;
    const bool relative = !glob.block.location.starts_with('/') && !shared.options.home.empty();
    return add_file(glob.block, relative ? path.substr(shared.options.home.size() + 1) : path, Begin::AtStart, out);
  }
}

bool Sources::Impl::watch_folder(const std::string& folder, Outlet& out, std::string* why) {
  if (!watches()) {
    *why = "as asked for";
    return false;
  }
  if (watcher.is_watched(folder)) return true;
  *why = watcher.watch(folder);
  if (why->empty()) return true;
  // A folder that is not there yet is looked for with its file.
  if (::access(folder.c_str(), F_OK) == 0 && unwatched.insert(folder).second) {
    out.say(NoticeLevel::Info, log_line(0, "INFO",
                                        "Files in '" + folder + "' are looked at every " +
                                            std::to_string(shared.options.loop_timeout.count()) + " s: " + *why + "."));
  }
  return false;
}

void Sources::Impl::watch(Entry& entry, Outlet& out) {
  if (ossec()) return;
  if (const int own = entry.source->descriptor(); own != entry.descriptor) {
    entry.descriptor = own;
    listen(own);
  }
  const std::vector<std::string> watched = entry.source->watched();
  if (watched.empty()) return;
  bool seen = true;
  std::string why;
  for (const std::string& path : watched) {
    const std::string folder = folder_of(path);
    if (!entry.polled && watcher.is_watched(folder) &&
        std::find(entry.paths.begin(), entry.paths.end(), path) != entry.paths.end())
      continue;
    set.name(entry, path);
    seen = watch_folder(folder, out, &why) && seen;
    // Writes are told of the folder in which the file really is.
    const std::string target = canonical(path);
    if (target.empty() || target == path) continue;
    set.name(entry, target);
    seen = watch_folder(folder_of(target), out, &why) && seen;
  }
  entry.polled = !seen;
  if (entry.polled) entry.source->polled(why);
}

void Sources::Impl::drain(Outlet& out) {
  watcher.drain([&](const std::string& folder, std::string_view name) {
    if (folder.empty()) {
      for (const auto& entry : set.all()) set.queue(*entry);
      for (Glob& glob : globs) glob.next = shared.now.steady;
      return;
    }
    if (name.empty()) {
      for (Entry* const entry : set.in_folder(folder)) set.queue(*entry);
      return;
    }
    const std::string path = (folder == "/" ? "" : folder) + "/" + std::string(name);
    const std::vector<Entry*> entries = set.named(path);
    for (Entry* const entry : entries) set.queue(*entry);
    if (entries.empty()) found(path, out);
  });
}

void Sources::Impl::sweep() {
  if (ossec() || shared.now.steady < next_sweep) return;
  next_sweep = shared.now.steady + shared.options.loop_timeout;
  for (const auto& entry : set.all()) {
    if (entry->polled) set.queue(*entry);
  }
  set.queue_sweep(kSweep);
}

void Sources::Impl::serve(Entry& entry, Outlet& out) {
  entry.source->look(out);
  watch(entry, out);
  const bool more = entry.source->turn(out);
  if (more) set.queue(entry);
  set.due(entry, more ? std::nullopt : entry.source->deadline());
  if (Entry* const oldest = set.used(entry, shared.options.open_files)) oldest->source->give_back_files();
}

void Sources::Impl::notice_stall() {
  if (!outlet.has_room()) {
    if (!full_since) full_since = shared.now.steady;
    return;
  }
  if (full_since && shared.now.steady - *full_since >= kStall) {
    for (const auto& entry : set.all()) entry->source->mark_backlog();
  }
  full_since.reset();
}

Sources::Sources(const std::vector<config::Localfile>& localfiles, SourceOptions options,
                 const std::vector<KeptPlace>& kept)
    : impl_(std::make_unique<Impl>(std::move(options), kept)) {
  impl_->blocks = localfiles;
}
Sources::~Sources() = default;
Sources::Sources(Sources&&) noexcept = default;
Sources& Sources::operator=(Sources&&) noexcept = default;

int Sources::poll_fd() const {
  return impl_->epoll;
}

Steady Sources::next_deadline(Moment now) const {
  const Impl& i = *impl_;
  if (!i.outlet.has_room()) return now.steady + i.shared.options.loop_timeout;
  if (i.reconfigure || i.set.queued() > 0) return now.steady;
  Steady next = now.steady + std::chrono::seconds(60);
  if (const auto due = i.set.first_due()) next = std::min(next, *due);
  if (!i.ossec()) {
    next = std::min(next, i.next_sweep);
    for (const Impl::Glob& glob : i.globs) next = std::min(next, glob.next);
  }
  return std::max(next, now.steady);
}

void Sources::step(Moment now, Sink& sink) {
  Impl& i = *impl_;
  i.shared.now = now;
  i.outlet.open(sink);
  i.notice_stall();
  i.drain(i.outlet);
  if (i.outlet.has_room()) {
    if (i.reconfigure) i.configure(i.outlet);
    i.expand_due(i.outlet);
    i.set.queue_due(now.steady);
    i.sweep();
    for (size_t turns = i.set.queued(); turns > 0 && i.outlet.has_room(); --turns) {
      if (SourceSet::Entry* const entry = i.set.next()) i.serve(*entry, i.outlet);
    }
  }
  i.outlet.close();
}

void Sources::acknowledge(uint64_t number) {
  impl_->outlet.acknowledge(number);
}
size_t Sources::unacknowledged_bytes() const {
  return impl_->outlet.unacknowledged();
}

void Sources::reload(const std::vector<config::Localfile>& localfiles) {
  impl_->blocks = localfiles;
  impl_->reconfigure = true;
}

std::vector<std::string> Sources::forgotten(const std::vector<KeptPlace>& kept) const {
  std::vector<std::string> ids;
  for (const KeptPlace& k : kept) {
    const bool ours =
        k.source.starts_with("file:") || k.source.starts_with("journal:") || k.source.starts_with("glob:");
    const bool used =
        impl_->set.find(k.source) != nullptr ||
        std::any_of(impl_->globs.begin(), impl_->globs.end(), [&](const Impl::Glob& g) { return g.id == k.source; });
    if (ours && !used) ids.push_back(k.source);
  }
  return ids;
}

std::vector<SourceStatus> Sources::status() const {
  std::vector<SourceStatus> all;
  for (const auto& entry : impl_->set.all()) all.push_back(entry->source->status());
  return all;
}

}  // namespace gander::collect
