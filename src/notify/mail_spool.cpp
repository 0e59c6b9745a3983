#include "notify/mail_spool.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/file.h"
#include "notify/durable_file.h"

namespace gander::notify {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFirstLine = "gander-mail 1\n";
constexpr std::string_view kMaking = "making-";

tl::unexpected<Error> cannot(const std::string& path, int why) {
  return fail("I002", path + ": " + std::strerror(why));
}

std::string folder_of(const std::string& home) {
  return home + "/queue/mail";
}

std::string digits(uint64_t number) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%020llu", static_cast<unsigned long long>(number));
  return text.data();
}

std::string as_file(const SpooledMail& mail, const std::string& reason = {}) {
  std::string out(kFirstLine);
  out += "created: " + std::to_string(mail.created.time_since_epoch().count()) + "\n";
  out += "from: " + mail.from + "\n";
  for (const std::string& to : mail.to) out += "to: " + to + "\n";
  if (!mail.mark.empty()) out += "mark: " + mail.mark + "\n";
  if (!reason.empty()) out += "refused: " + reason + "\n";
  return out + "\n" + mail.message;
}

// BATCH is CREATED-PLACE-NAME; PLACE is `-` for what tells no alerts.
std::string batch_name(std::span<const SpooledMail> mails, std::optional<Place> upto, const std::string& unique) {
  const auto created = static_cast<uint64_t>(std::max<int64_t>(0, mails.front().created.time_since_epoch().count()));
  return digits(created) + "-" + (upto ? digits(*upto) : "none") + "-" + unique;
}

std::optional<Place> place_of(const std::string& batch) {
  const size_t first = batch.find('-');
  if (first == std::string::npos) return std::nullopt;
  Place place = 0;
  const char* const begin = batch.data() + first + 1;
  const auto [end, error] = std::from_chars(begin, batch.data() + batch.size(), place);
  if (error != std::errc() || end == begin) return std::nullopt;
  return place;
}

// Who puts mails there as root must leave them readable for the user that the folder belongs to.
void give_to_owner(const std::string& path, const std::string& like) {
  struct stat owner {};
  if (::geteuid() != 0 || ::stat(like.c_str(), &owner) != 0) return;
  if (::chown(path.c_str(), owner.st_uid, owner.st_gid) != 0) return;  // readable by root alone then
}

Result<void> fill(const std::string& making, const std::string& folder, std::span<const SpooledMail> mails) {
  give_to_owner(making, folder);
  size_t number = 0;
  for (const SpooledMail& mail : mails) {
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "/%03zu.mail", ++number);
    const std::string path = making + name.data();
    if (const Result<void> written = write_durably(path, as_file(mail)); !written) return written;
    give_to_owner(path, folder);
  }
  return {};
}

Result<void> put_batch(const std::string& folder, std::span<const SpooledMail> mails, std::optional<Place> upto,
                       MailSpool::Held held) {
  if (mails.empty()) return {};
  std::string making = folder + "/" + std::string(kMaking) + "XXXXXX";
  if (::mkdtemp(making.data()) == nullptr) return cannot(making, errno);
  ::chmod(making.c_str(), 0750);
  const std::string unique = making.substr(making.size() - 6);
  const std::string done = folder + "/" + batch_name(mails, upto, unique);
  const std::string held_file = folder + "/held";
  Result<void> filled = fill(making, folder, mails);
  bool moved = false;
  if (filled && held == MailSpool::Held::Spent) {
    moved = ::rename(held_file.c_str(), (making + "/held").c_str()) == 0;
    if (!moved && errno != ENOENT) filled = cannot(held_file, errno);
  }
  if (filled) {
    sync_folder(making);
    if (::rename(making.c_str(), done.c_str()) != 0) filled = cannot(done, errno);
  }
  if (!filled) {
    if (moved) ::rename((making + "/held").c_str(), held_file.c_str());
    std::error_code ignored;
    fs::remove_all(making, ignored);
    return filled;
  }
  sync_folder(folder);
  return {};
}

Result<void> make_folders(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder + "/failed", error);
  if (error) return fail("I002", folder + ": " + error.message());
  return {};
}

std::vector<std::string> batches(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    std::error_code ignored;
    if (!name.empty() && name.front() >= '0' && name.front() <= '9' && at->is_directory(ignored)) out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

bool read_field(SpooledMail& mail, std::string_view name, std::string_view value) {
  if (name == "created") {
    int64_t micros = 0;
    if (std::from_chars(value.data(), value.data() + value.size(), micros).ec != std::errc()) return false;
    mail.created = base::Instant(std::chrono::microseconds(micros));
  } else if (name == "from") {
    mail.from = std::string(value);
  } else if (name == "to") {
    mail.to.emplace_back(value);
  } else if (name == "mark") {
    mail.mark = std::string(value);
  }
  return true;
}

}  // namespace

Result<MailSpool> MailSpool::open(const std::string& home) {
  const std::string folder = folder_of(home);
  if (const Result<void> made = make_folders(folder); !made) return tl::unexpected<Error>(made.error());
  const std::string path = folder + "/lock";
  const int lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (lock < 0) return cannot(path, errno);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return fail("N001", path + ": another process sends mail from this home");
  }
  MailSpool spool(folder, lock);
  spool.recover();
  return spool;
}

MailSpool::MailSpool(MailSpool&& other) noexcept
    : folder_(std::move(other.folder_)), lock_(std::exchange(other.lock_, -1)) {}

MailSpool& MailSpool::operator=(MailSpool&& other) noexcept {
  std::swap(folder_, other.folder_);
  std::swap(lock_, other.lock_);
  return *this;
}

MailSpool::~MailSpool() {
  if (lock_ >= 0) ::close(lock_);
}

// A batch that was never finished: its alerts were not told; alerts held for it go back.
void MailSpool::recover() {
  std::error_code error;
  std::vector<fs::path> unfinished;
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename().string().starts_with(kMaking)) unfinished.push_back(at->path());
  }
  for (const fs::path& making : unfinished) {
    const std::string held = (making / "held").string();
    if (::access(held.c_str(), F_OK) == 0) ::rename(held.c_str(), held_path().c_str());
    std::error_code ignored;
    fs::remove_all(making, ignored);
  }
}

Result<void> MailSpool::add(const std::string& home, std::span<const SpooledMail> mails) {
  const std::string folder = folder_of(home);
  if (Result<void> made = make_folders(folder); !made) return made;
  return put_batch(folder, mails, std::nullopt, Held::Keep);
}

Result<void> MailSpool::put(std::span<const SpooledMail> mails, std::optional<Place> upto, Held held) {
  return put_batch(folder_, mails, upto, held);
}

std::optional<Place> MailSpool::told() const {
  std::optional<Place> most;
  for (const std::string& batch : batches(folder_)) {
    const std::optional<Place> place = place_of(batch);
    if (place && (!most || *place > *most)) most = place;
  }
  return most;
}

std::vector<std::string> MailSpool::list() const {
  std::vector<std::string> out;
  for (const std::string& batch : batches(folder_)) {
    std::vector<std::string> mails;
    std::error_code error;
    for (fs::directory_iterator at(folder_ + "/" + batch, error), end; !error && at != end; at.increment(error)) {
      if (at->path().extension() == ".mail") mails.push_back(at->path().string());
    }
    std::sort(mails.begin(), mails.end());
    out.insert(out.end(), mails.begin(), mails.end());
  }
  return out;
}

Result<SpooledMail> MailSpool::load(const std::string& path) {
  Result<std::string> text = base::read_file(path);
  if (!text) return tl::unexpected<Error>(text.error());
  if (!text->starts_with(kFirstLine)) return fail("N004", path + ": not a mail of the spool");
  SpooledMail mail;
  size_t at = kFirstLine.size();
  for (;;) {
    const size_t end = text->find('\n', at);
    if (end == std::string::npos) return fail("N004", path + ": the mail ends too early");
    if (end == at) break;
    const std::string_view line = std::string_view(*text).substr(at, end - at);
    const size_t colon = line.find(": ");
    if (colon == std::string_view::npos || !read_field(mail, line.substr(0, colon), line.substr(colon + 2))) {
      return fail("N004", path + ": a line of the mail's head cannot be read");
    }
    at = end + 1;
  }
  mail.message = text->substr(at + 1);
  return mail;
}

void MailSpool::remove(const std::string& path) {
  ::unlink(path.c_str());
  const std::string batch = path.substr(0, path.rfind('/'));
  for (const fs::path& left : fs::directory_iterator(batch)) {
    if (left.extension() == ".mail") return;
  }
  std::error_code ignored;
  fs::remove_all(batch, ignored);
}

Result<void> MailSpool::rewrite(const std::string& path, const SpooledMail& mail) {
  return replace_durably(path, as_file(mail));
}

Result<void> MailSpool::keep_failed(const std::string& path, const SpooledMail& mail, const std::string& reason) {
  const fs::path from(path);
  const std::string base_name = from.parent_path().filename().string() + "-" + from.stem().string();
  // A mail may fail for several recipients one after the other.
  for (int n = 0;; ++n) {
    const std::string to = folder_ + "/failed/" + base_name + (n == 0 ? "" : "-" + std::to_string(n)) + ".mail";
    if (base::exists(to)) continue;
    return replace_durably(to, as_file(mail, reason));
  }
}

}  // namespace gander::notify
