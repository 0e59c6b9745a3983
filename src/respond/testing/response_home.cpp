#include "respond/testing/response_home.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/file.h"

namespace gander::respond::testing {
namespace fs = std::filesystem;

Result<std::vector<Protected>> FakeHost::addresses() {
  if (broken) return fail("V006", "cannot read the addresses of this host: made up");
  std::vector<Protected> out;
  for (const auto& [network, what] : entries) out.push_back({*text::AddressEntry::parse(network), what});
  return out;
}

ResponseHome::ResponseHome() {
  std::string pattern = (fs::temp_directory_path() / "gander-respond-XXXXXX").string();
  const char* const made = ::mkdtemp(pattern.data());
  EXPECT_NE(made, nullptr);
  path_ = pattern;
  fs::create_directories(path_ + "/active-response/bin");
  ::chmod((path_ + "/active-response/bin").c_str(), 0750);
}

ResponseHome::~ResponseHome() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void ResponseHome::script(const std::string& name, const std::string& text) const {
  const std::string path = path_ + "/active-response/bin/" + name;
  write("active-response/bin/" + name, text);
  ::chmod(path.c_str(), 0750);
}

void ResponseHome::noting_script(const std::string& name) const {
  script(name,
         "#!/bin/sh\n"
         "line=${0##*/}\n"
         "for word in \"$@\"; do line=\"$line\t$word\"; done\n"
         "printf '%s\\t<%s\\n' \"$line\" \"$(cat)\" >>'" +
             path_ + "/calls'\n");
}

std::vector<std::string> ResponseHome::new_calls() {
  const std::string all = base::exists(path_ + "/calls") ? read("calls") : "";
  std::istringstream in(all.substr(read_));
  read_ = all.size();
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void ResponseHome::write(const std::string& name, std::string_view text) const {
  fs::create_directories(fs::path(path_ + "/" + name).parent_path());
  std::ofstream(path_ + "/" + name, std::ios::binary) << text;
}

std::string ResponseHome::read(const std::string& name) const {
  return base::read_file(path_ + "/" + name).value_or("");
}

Moment at(int64_t seconds) {
  return {base::from_unix(seconds), std::chrono::seconds(seconds)};
}

void settle(Executor& executor, Moment now) {
  executor.poll(now);
  for (int i = 0; i < 600 && !(executor.idle() && executor.accepts()); ++i) {
    pollfd ready{executor.descriptor(), POLLIN, 0};
    ::poll(&ready, 1, 100);
    executor.poll(now);
  }
  EXPECT_TRUE(executor.idle()) << "a script does not end";
}

}  // namespace gander::respond::testing
