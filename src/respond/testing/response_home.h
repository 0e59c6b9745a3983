// A home with response scripts that only note their call, and a host with addresses made up by the test.
#pragma once

#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "respond/executor.h"
#include "respond/guard.h"

namespace gander::respond::testing {

class FakeHost final : public HostView {
 public:
  Result<std::vector<Protected>> addresses() override;
  std::vector<std::string> names() override { return {"ids1.example.org", "ids1"}; }

  std::vector<std::pair<std::string, std::string>> entries;  // network, what
  bool broken = false;
};

class ResponseHome {
 public:
  ResponseHome();
  ResponseHome(const ResponseHome&) = delete;
  ResponseHome& operator=(const ResponseHome&) = delete;
  ~ResponseHome();

  const std::string& path() const { return path_; }
  // Of mode 0750, in active-response/bin.
  void script(const std::string& name, const std::string& text) const;
  // Notes its words, tab-separated, its first one without folder; then the bytes of standard input behind a tab and
  // "<".
  void noting_script(const std::string& name) const;
  // The calls since the last time.
  std::vector<std::string> new_calls();
  void write(const std::string& name, std::string_view text) const;
  std::string read(const std::string& name) const;

 private:
  std::string path_;
  size_t read_ = 0;
};

// Seconds since 1970 and since boot.
Moment at(int64_t seconds);
// Lets scripts end; time stands still, so no time-out comes into it.
void settle(Executor& executor, Moment now);
// Waits, a long while at most, until `done` says so.
template <class Done>
bool wait_until(const Done& done) {
  constexpr int kRounds = 30'000;
  for (int i = 0; i < kRounds; ++i) {
    if (done()) return true;
    ::usleep(1000);
  }
  return false;
}

}  // namespace gander::respond::testing
